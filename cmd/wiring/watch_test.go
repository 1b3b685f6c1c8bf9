package wiring

import (
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

func TestEnginesHaveTheNamesOfOpenTelemetry(t *testing.T) {
	for url, want := range map[string]string{
		"sqlite:x.db": "sqlite", "memory:": "memory", "mongodb://db": "mongodb", "mongodb+srv://db": "mongodb",
		"redis://db": "redis", "rediss://db": "redis", "redis+cluster://db": "redis", "rediss+sentinel://db": "redis",
	} {
		var at config.StoreURL
		if err := at.UnmarshalText([]byte(url)); err != nil {
			t.Fatal(err)
		}
		if got := system(at); got != want {
			t.Errorf("%s is %s, want %s", url, got, want)
		}
	}
}

// TestCommandsAreNotWatched: a nil watch is nobody.
func TestCommandsAreNotWatched(t *testing.T) {
	var nobody *watch
	users := memory.NewUsers()
	if nobody.users(config.Memory, users) != ports.UserRepository(users) {
		t.Error("somebody looks on")
	}
}
