package wiring_test

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

// TestOperatorOnEveryStore, each change seen by a second operator, who stands for another process.
func TestOperatorOnEveryStore(t *testing.T) {
	for name, stores := range map[string]func(t *testing.T) (users, sessions string){
		"SQLite":            func(*testing.T) (string, string) { return "", "" },
		"MongoDB":           func(t *testing.T) (string, string) { url := engines.Mongo(t); return url, url },
		"Redis":             func(t *testing.T) (string, string) { url := engines.Redis(t); return url, url },
		"MongoDB and Redis": func(t *testing.T) (string, string) { return engines.Mongo(t), engines.Redis(t) },
	} {
		t.Run(name, func(t *testing.T) {
			users, sessions := stores(t)
			cfg, err := config.Parse(map[string]string{"DATA_DIR": filepath.Join(t.TempDir(), "data"), "USER_STORE": users, "TOKEN_STORE": sessions})
			must(t, err)
			liveAndDie(t, operator(t, cfg), operator(t, cfg))
		})
	}
}

func operator(t *testing.T, cfg config.Config) *wiring.Operator {
	t.Helper()
	o, err := wiring.OpenOperator(t.Context(), cfg, wiring.Options{
		Logger: slog.New(slog.DiscardHandler), Now: time.Now,
		Hashing: password.Config{Argon2: password.Argon2Params{Memory: 8, Time: 1, Threads: 1}},
	})
	must(t, err)
	t.Cleanup(func() { must(t, o.Close()) })
	return o
}

// liveAndDie makes an account, changes and deletes it.
func liveAndDie(t *testing.T, one, other *wiring.Operator) {
	t.Helper()
	made, err := one.RegisterUser.Do(t.Context(), app.RegisterRequest{
		Email: "ada@example.org", Username: "ada", Password: domain.NewSecret("correct horse battery"),
	})
	must(t, err)
	var found domain.User
	for _, name := range []string{string(made.ID), "ada@example.org", "ada"} {
		found, err = other.FindUser.Do(t.Context(), name)
		must(t, err)
		if found.ID != made.ID {
			t.Errorf("%q finds %s", name, found.ID)
		}
	}
	must(t, other.SetPassword.Do(t.Context(), app.SetPasswordRequest{User: found, New: domain.NewSecret("another horse battery")}))
	n, err := other.EndSessions.Do(t.Context(), app.EndSessionsRequest{Caller: app.Caller{User: found}})
	if err != nil || n != 0 {
		t.Errorf("%d sessions ended, %v", n, err)
	}
	if listed := ids(t, one); len(listed) != 1 || listed[0] != made.ID {
		t.Errorf("listed are %v", listed)
	}
	must(t, one.RemoveUser.Do(t.Context(), app.RemoveUserRequest{User: found}))
	if listed := ids(t, other); len(listed) != 0 {
		t.Errorf("left are %v", listed)
	}
}

func ids(t *testing.T, o *wiring.Operator) (all []domain.UserID) {
	t.Helper()
	for u, err := range o.ListUsers.Do(t.Context()) {
		must(t, err)
		all = append(all, u.ID)
	}
	return all
}
