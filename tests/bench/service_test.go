// Package bench measures whole requests, from HTTP to the store and back, on every store, beside what they are measured by.
//
//	go test -run '^$' -bench . -benchmem -cpu 1 ./tests/bench
package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

// stores are those that Latchkey comes with, each with a function that answers the URL of an empty one, "" being the
// default.
var stores = []struct {
	name  string
	empty func(b *testing.B) string
}{
	{"memory", func(*testing.B) string { return "memory:" }},
	{"sqlite", func(*testing.B) string { return "" }},
	{"redis", func(b *testing.B) string { return engines.Redis(b) }},
	{"mongo", func(b *testing.B) string { return engines.Mongo(b) }},
}

// onEveryStore measures requests to Latchkey. Clients are signed in, each as somebody else.
func onEveryStore(b *testing.B, newClient func(send sender, of tokens) client) {
	for _, store := range stores {
		b.Run(store.name, func(b *testing.B) {
			handler := newService(b, store.empty(b))
			measure(b, handler, func(send sender, i int) (client, error) {
				of, err := signIn(send, i)
				return newClient(send, of), err
			})
		})
	}
}

// newService is Latchkey as the program wires it, but for hashing, which costs next to nothing, and for the log, which is
// written and thrown away.
func newService(b *testing.B, store string) http.Handler {
	b.Helper()
	settings := map[string]string{"DATA_DIR": b.TempDir(), "THROTTLE": "off"}
	if store != "" {
		settings["USER_STORE"], settings["TOKEN_STORE"] = store, store
	}
	cfg, err := config.Parse(settings)
	check(b, err)
	service, err := wiring.Open(context.Background(), cfg, wiring.Options{
		Logger:  slog.New(slog.NewJSONHandler(io.Discard, nil)),
		Now:     time.Now,
		Hashing: password.Config{Argon2: password.Argon2Params{Memory: 8, Time: 1, Threads: 1}},
	})
	check(b, err)
	b.Cleanup(func() { check(b, service.Close()) })
	return service.Handler
}

// tokens is what a person holds who is signed in.
type tokens struct {
	Access  string `json:"accessToken"`
	Refresh string `json:"refreshToken"`
}

// signIn signs somebody in, whom it registers the first time.
func signIn(send sender, i int) (tokens, error) {
	who := fmt.Sprintf(`{"email":"ada%d@example.org","password":"correct horse","fullname":"Ada Lovelace"}`, i)
	if a, err := send(post("/api/v1/users/register", who)); err != nil || a.status != http.StatusCreated && a.status != http.StatusConflict {
		return tokens{}, fmt.Errorf("register: %v: %w", a, err)
	}
	a, err := send(post("/api/v1/users/login", who))
	if err != nil {
		return tokens{}, err
	}
	return a.tokens()
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
