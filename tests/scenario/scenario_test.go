package scenario_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// engines are the stores that every behaviour is checked on.
var engines = map[string]map[string]string{
	"memory":                          {"USER_STORE": "memory:", "TOKEN_STORE": "memory:"},
	"sqlite":                          {},
	"users in sqlite, rest in memory": {"TOKEN_STORE": "memory:"},
}

func TestUseCases(t *testing.T) {
	runOnAll(t, func(w *world.World) scenario.Service { return scenario.UseCases(w.App, w.Handler) })
}

func TestHTTP(t *testing.T) {
	runOnAll(t, func(w *world.World) scenario.Service { return scenario.HTTP(w.Client, w.URL) })
}

func runOnAll(t *testing.T, service func(*world.World) scenario.Service) {
	for name, engine := range engines {
		t.Run(name, func(t *testing.T) {
			scenario.Run(t, func(t *testing.T, settings map[string]string) scenario.World {
				w := world.Open(t, engine, settings)
				return scenario.World{Service: service(w), Clock: w.Clock, ImagesLeft: func() int { return w.ImagesLeft(t) }}
			})
		})
	}
}
