// Package failover shows what becomes of people when a store loses its newest writes.
package failover

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/adapters/redis"
	"github.com/latchkey-auth/latchkey/adapters/throttle"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

const (
	people    = 3
	rotations = 5
	between   = time.Minute // longer than the grace
)

// world is the use cases over Redis, of which a replica can take over.
type world struct {
	*app.App
	t      *testing.T
	clock  *porttest.Clock
	events *events
}

// events counts what happened.
type events map[domain.EventKind]int

func (e *events) Emit(_ context.Context, event domain.Event) { (*e)[event.Kind]++ }

func newWorld(t *testing.T, pair *engines.Pair) *world {
	t.Helper()
	client := goredis.NewClient(&goredis.Options{Dialer: pair.Dial, ContextTimeoutEnabled: true})
	t.Cleanup(func() { _ = client.Close() })
	w := &world{t: t, clock: porttest.NewClock(), events: &events{}}
	store, err := redis.New(client, w.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	tokens := jwt.New(jwt.Config{
		Issuer: "https://id.example.org", Audience: "example", AccessTTL: 15 * time.Minute,
		AccessKeys:     jwt.HMACKeyring(domain.NewSecret(strings.Repeat("a", 32))),
		RefreshSecrets: []domain.Secret{domain.NewSecret(strings.Repeat("r", 32))},
	})
	w.App = app.New(app.Deps{
		Users: store.Users(), Sessions: store.Sessions(), Issuer: tokens, Verifier: tokens, Events: w.events,
		Hasher:          password.New(password.Config{Argon2: password.Argon2Params{Memory: 8, Time: 1, Threads: 1}}),
		AccountFailures: throttle.Unlimited{}, AddressFailures: throttle.Unlimited{}, Registrations: throttle.Unlimited{},
		Passwords:  domain.PasswordPolicy{MinLength: 8, MaxBytes: domain.MaxPasswordBytes},
		SessionFor: domain.SessionPolicy{RefreshTTL: 24 * time.Hour, MaxAge: 72 * time.Hour, Grace: 30 * time.Second},
		Now:        w.clock.Now,
	})
	return w
}

// signIn registers a person and signs them in.
func (w *world) signIn(name string) app.Tokens {
	w.t.Helper()
	email, secret := name+"@example.org", domain.NewSecret("correct horse battery")
	if _, err := w.RegisterUser.Do(w.t.Context(), app.RegisterRequest{Email: email, Password: secret}); err != nil {
		w.t.Fatal(err)
	}
	in, err := w.LoginUser.Do(w.t.Context(), app.LoginRequest{Email: email, Password: secret})
	if err != nil {
		w.t.Fatal(err)
	}
	return in.Tokens
}

// refresh refreshes for everybody, a while after the last time.
func (w *world) refresh(all []app.Tokens) {
	w.t.Helper()
	w.clock.Advance(between)
	for i := range all {
		next, err := w.RefreshAccessToken.Do(w.t.Context(), app.RefreshRequest{Token: all[i].Refresh.Secret})
		if err != nil {
			w.t.Fatalf("refreshing for person %d: %v", i, err)
		}
		all[i] = next
	}
}

// TestNobodyIsLoggedOutByAFailover promotes a replica that missed the last rotations of everybody, however many.
func TestNobodyIsLoggedOutByAFailover(t *testing.T) {
	for lost := range rotations + 1 {
		t.Run(fmt.Sprintf("%d of %d rotations lost", lost, rotations), func(t *testing.T) {
			pair := engines.RedisReplica(t)
			w := newWorld(t, pair)
			all := make([]app.Tokens, people)
			for i := range all {
				all[i] = w.signIn(fmt.Sprint("person", i))
			}
			old := make([]app.Tokens, people)
			for n := range rotations {
				if n == rotations-lost {
					pair.Sync()
					pair.Cut()
				}
				copy(old, all)
				w.refresh(all)
			}
			if lost == 0 {
				pair.Sync()
			}
			pair.Promote()

			for _, tokens := range all {
				if _, err := w.Authenticate.Do(t.Context(), tokens.Access.Secret); err != nil {
					t.Errorf("an access token is not accepted any more: %v", err)
				}
			}
			w.refresh(all)
			w.refresh(all)
			if want := min(lost, 1) * people; (*w.events)[domain.EventRolledForward] != want {
				t.Errorf("%d sessions were rolled forward, want %d", (*w.events)[domain.EventRolledForward], want)
			}
			w.stolen(old)
		})
	}
}

// stolen presents tokens that were retired before the failover, which must end their sessions as ever.
func (w *world) stolen(old []app.Tokens) {
	w.t.Helper()
	for i, tokens := range old {
		_, err := w.RefreshAccessToken.Do(w.t.Context(), app.RefreshRequest{Token: tokens.Refresh.Secret})
		if !errors.Is(err, domain.ErrTokenReused) {
			w.t.Errorf("presenting a retired token of person %d: got the error %v, want ErrTokenReused", i, err)
		}
	}
}
