package scenario_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

func TestMain(m *testing.M) { engines.Main(m) }

// stores is a mixture of stores, empty for each test.
type stores func(t *testing.T) (users, sessions string)

// both keeps users and sessions in one place.
func both(open func(t *testing.T) string) stores {
	return func(t *testing.T) (users, sessions string) {
		url := open(t)
		return url, url
	}
}

func memory(*testing.T) string  { return "memory:" }
func sqlite(*testing.T) string  { return "sqlite:" } // the usual file, in a DATA_DIR of the test's own
func mongo(t *testing.T) string { return engines.Mongo(t) }
func redis(t *testing.T) string { return engines.Redis(t) }
func cluster(t *testing.T) string {
	return "redis+cluster://" + strings.Join(engines.RedisCluster(t), ",")
}

// embedded are the stores of this process.
var embedded = map[string]stores{
	"memory":                          both(memory),
	"sqlite":                          both(sqlite),
	"users in sqlite, rest in memory": func(t *testing.T) (string, string) { return sqlite(t), memory(t) },
}

// remote are those of a database server.
var remote = map[string]stores{
	"MongoDB":           both(mongo),
	"Redis":             both(redis),
	"Redis Cluster":     both(cluster),
	"MongoDB and Redis": func(t *testing.T) (string, string) { return mongo(t), redis(t) },
}

func TestUseCases(t *testing.T) {
	runOn(t, embedded, func(w *world.World) scenario.Service { return scenario.UseCases(w.App, w.Handler) })
}

func TestHTTP(t *testing.T) {
	overHTTP := func(w *world.World) scenario.Service { return scenario.HTTP(w.Client, w.URL) }
	runOn(t, embedded, overHTTP)
	runOn(t, remote, overHTTP)
}

// TestClient: what Go programs see by adapters/client.
func TestClient(t *testing.T) {
	runOn(t, embedded, func(w *world.World) scenario.Service { return scenario.Client(w.Client.Transport, w.URL) })
}

func runOn(t *testing.T, all map[string]stores, service func(*world.World) scenario.Service) {
	for name, each := range all {
		t.Run(name, func(t *testing.T) {
			scenario.Run(t, func(t *testing.T, settings map[string]string) scenario.World {
				users, sessions := each(t)
				w := world.Open(t, map[string]string{"USER_STORE": users, "TOKEN_STORE": sessions}, settings)
				return scenario.World{Service: service(w), Clock: w.Clock, ImagesLeft: func() int { return w.ImagesLeft(t) }}
			})
		})
	}
}
