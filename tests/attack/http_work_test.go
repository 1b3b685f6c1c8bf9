package attack_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/eventlog"
	"github.com/latchkey-auth/latchkey/adapters/httpapi"
	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/adapters/throttle"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// httpWork is what a request made the service do that takes long.
type httpWork struct{ hashed, verified, asked int }

// httpHasher counts what is hashed.
type httpHasher struct {
	ports.PasswordHasher
	work *httpWork
}

func (h httpHasher) Hash(ctx context.Context, network string, p domain.Password) (domain.Secret, error) {
	h.work.hashed++
	return h.PasswordHasher.Hash(ctx, network, p)
}

func (h httpHasher) Verify(ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
	h.work.verified++
	return h.PasswordHasher.Verify(ctx, network, p, hash)
}

// httpUserStore counts how often it is asked.
type httpUserStore struct {
	ports.UserRepository
	work *httpWork
}

func (s httpUserStore) ByLogin(ctx context.Context, l domain.Login) (domain.User, error) {
	s.work.asked++
	return s.UserRepository.ByLogin(ctx, l)
}

// httpCounting is a service that counts its work.
func httpCounting(t *testing.T) (http.Handler, *httpWork) {
	t.Helper()
	work, log := &httpWork{}, slog.New(slog.DiscardHandler)
	useCases := app.New(app.Deps{
		Users:           httpUserStore{memory.NewUsers(), work},
		Sessions:        memory.NewSessions(time.Now),
		Hasher:          httpHasher{password.New(world.CheapHashing), work},
		Events:          eventlog.NewLog(log),
		AccountFailures: throttle.Unlimited{}, AddressFailures: throttle.Unlimited{}, Registrations: throttle.Unlimited{},
		Passwords: domain.PasswordPolicy{MinLength: 8, MaxBytes: domain.MaxPasswordBytes},
		Now:       time.Now,
	})
	handler, err := httpapi.New(httpapi.Config{
		App: useCases, Logger: log, Now: time.Now, PublicURL: &url.URL{Scheme: "http", Host: "localhost"},
		Observe: func(string, string, int, time.Duration) {},
	})
	httpMust(t, err)
	return handler, work
}

// post sends JSON, and answers the status and the work.
func (w *httpWork) post(handler http.Handler, path, body string) (int, httpWork) {
	*w = httpWork{}
	r := httptest.NewRequest(http.MethodPost, httpUsers+path, io.NopCloser(strings.NewReader(body)))
	r.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, r)
	return answer.Code, *w
}

// TestHTTPEnumerationByWork: is there such an account, by how long the answer takes? Lost would be who the users are. What
// takes long is hashing, and it is the same for everybody.
func TestHTTPEnumerationByWork(t *testing.T) {
	handler, work := httpCounting(t)
	if status, _ := work.post(handler, "/register", httpObject("email", "alice@example.org", "username", "alice", "password", httpPassword)); status != 201 {
		t.Fatalf("Alice gets %d", status)
	}
	want := httpWork{verified: 1, asked: 1}
	for _, who := range [][2]string{
		{"email", "alice@example.org"}, {"username", "alice"}, {"email", "nobody@example.org"}, {"username", "nobody"},
		{"email", "no address"}, {"username", "no name"}, {"username", "\x00"}, {"email", "alice@example.org."}, {"username", "\u0430lice"},
	} {
		for _, guess := range []string{"x", "not Alice's own tiny wooden boat", "\x00", strings.Repeat("x", 1024)} {
			status, got := work.post(handler, "/login", httpObject(who[0], who[1], "password", guess))
			if status != http.StatusUnauthorized || got != want {
				t.Errorf("%q with %.20q gets %d after %+v, want %+v", who[1], guess, status, got, want)
			}
		}
	}
}

// TestHTTPCheapRefusals: what is refused in the end. Lost would be the time of everybody else, to whoever has hashing
// done for nothing.
func TestHTTPCheapRefusals(t *testing.T) {
	handler, work := httpCounting(t)
	work.post(handler, "/register", httpObject("email", "alice@example.org", "password", httpPassword))
	for path, bodies := range map[string][]string{
		"/login": {
			`{`, `{"email":{"$gt":""}}`, `{}`, httpObject("email", "alice@example.org"),
			httpObject("email", "alice@example.org", "password", strings.Repeat("x", 1025)), httpObject("email", strings.Repeat("x", 1025), "password", "x"),
		},
		"/register": {
			`{`, `{}`, httpObject("email", "eve@example.org", "password", "short"), httpObject("email", "no address", "password", httpPassword),
			httpObject("email", "alice@example.org", "password", httpPassword), httpObject("email", "eve@example.org", "password", strings.Repeat("x", 1025)),
		},
		"/change-password": {httpObject("oldPassword", "x", "newPassword", httpPassword)},
	} {
		for _, body := range bodies {
			if status, got := work.post(handler, path, body); status < 400 || status > 499 || got.hashed+got.verified > 0 {
				t.Errorf("%s with %.60s gets %d after %+v", path, body, status, got)
			}
		}
	}
}
