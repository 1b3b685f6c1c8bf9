package app_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/adapters/throttle"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

const (
	rightPassword = "correct horse battery"
	wrongPassword = "incorrect horse"
	email         = "ada@example.org"

	accountLimit = 3
	addressLimit = 5
	accessTTL    = 15 * time.Minute
)

var (
	home   = domain.Client{IP: "192.0.2.1", UserAgent: "at home"}
	office = domain.Client{IP: "198.51.100.7", UserAgent: "at work"}
	policy = domain.SessionPolicy{RefreshTTL: 24 * time.Hour, MaxAge: 72 * time.Hour, Grace: 30 * time.Second}
)

// world is the use cases among real collaborators, with a clock that the test moves and faults that it injects.
type world struct {
	*app.App
	t        *testing.T
	clock    *porttest.Clock
	users    *memory.Users
	sessions *memory.Sessions
	images   *imageStore
	events   *eventSink
	faults   *faults
	tokens   *jwt.Tokens
	// presented is what a test presents that runs in many worlds.
	presented app.LoginResponse
	// down says that the fault of this world went on, so that nothing could be cleared up.
	down bool
}

// newWorld builds the use cases; change may alter what they are built of.
func newWorld(t *testing.T, change ...func(*app.Deps)) *world {
	t.Helper()
	clock := porttest.NewClock()
	w := &world{
		t: t, clock: clock, faults: &faults{},
		users: memory.NewUsers(), sessions: memory.NewSessions(clock.Now),
		images: &imageStore{kept: map[string]bool{}}, events: &eventSink{},
		tokens: jwt.New(jwt.Config{
			Issuer: "https://id.example.org", Audience: "example", AccessTTL: accessTTL,
			AccessKeys:     jwt.HMACKeyring(domain.NewSecret(strings.Repeat("a", 32))),
			RefreshSecrets: []domain.Secret{domain.NewSecret(strings.Repeat("r", 32))},
		}),
	}
	limit := func(n int) ports.Throttle {
		return throttle.NewMemory(throttle.Limit{Count: n, Per: 15 * time.Minute}, clock.Now)
	}
	cheap := password.New(password.Config{Argon2: password.Argon2Params{Memory: 8, Time: 1, Threads: 1}})
	t.Cleanup(cheap.Close)
	deps := app.Deps{
		Users:           faultyUsers{w.users, w.faults},
		Sessions:        faultySessions{w.sessions, w.faults},
		Hasher:          faultyHasher{cheap, w.faults},
		Issuer:          faultyIssuer{w.tokens, w.faults},
		Verifier:        w.tokens,
		Images:          faultyImages{w.images, w.faults},
		Events:          w.events,
		AccountFailures: faultyThrottle{limit(accountLimit), w.faults, "account"},
		AddressFailures: faultyThrottle{limit(addressLimit), w.faults, "address"},
		Registrations:   faultyThrottle{limit(100), w.faults, "registrations"},
		Passwords:       domain.PasswordPolicy{MinLength: 8, MaxBytes: domain.MaxPasswordBytes},
		SessionFor:      policy,
		Required:        []string{"email", "password"},
		Now:             clock.Now,
	}
	for _, f := range change {
		f(&deps)
	}
	w.App = app.New(deps)
	w.images.settle = w.Wait
	return w
}

// fresh is a world in which ada has registered.
func fresh(t *testing.T, change ...func(*app.Deps)) *world {
	t.Helper()
	w := newWorld(t, change...)
	_, err := w.RegisterUser.Do(t.Context(), registration())
	must(t, err)
	w.faults.reset()
	w.events.reset()
	return w
}

func registration() app.RegisterRequest {
	return app.RegisterRequest{
		Username: "Ada", Fullname: "Ada Lovelace", Email: "Ada@Example.org", Password: domain.NewSecret(rightPassword),
		Avatar: []byte("avatar"), CoverImage: []byte("cover"), Client: home,
	}
}

func credentials(password string, from domain.Client) app.LoginRequest {
	return app.LoginRequest{Email: email, Password: domain.NewSecret(password), Client: from}
}

// signIn signs ada in.
func (w *world) signIn(from domain.Client) app.LoginResponse {
	w.t.Helper()
	answer, err := w.LoginUser.Do(w.t.Context(), credentials(rightPassword, from))
	must(w.t, err)
	return answer
}

// caller is who presents the access token of a sign-in.
func (w *world) caller(signedIn app.LoginResponse) app.Caller {
	w.t.Helper()
	caller, err := w.Authenticate.Do(w.t.Context(), signedIn.Access.Secret)
	must(w.t, err)
	return caller
}

func (w *world) authenticate(tokens app.Tokens) error {
	_, err := w.Authenticate.Do(w.t.Context(), tokens.Access.Secret)
	return err
}

func (w *world) refresh(tokens app.Tokens) (app.Tokens, error) {
	return w.RefreshAccessToken.Do(w.t.Context(), app.RefreshRequest{Token: tokens.Refresh.Secret, Client: home})
}

// stored is ada as the store has her.
func (w *world) stored() domain.User {
	w.t.Helper()
	u, err := w.users.ByLogin(w.t.Context(), domain.Login{Email: domain.RestoreEmail(email)})
	must(w.t, err)
	return u
}

// living is how many of ada's sessions have not ended.
func (w *world) living() (n int) {
	w.t.Helper()
	all, err := w.sessions.ByUser(w.t.Context(), w.stored().ID)
	must(w.t, err)
	for _, s := range all {
		if !s.Ended() {
			n++
		}
	}
	return n
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fails checks that an error has a code.
func fails(t *testing.T, err error, code domain.Code) {
	t.Helper()
	if !errors.Is(err, &domain.Error{Code: code}) {
		t.Errorf("the error is %v; want %s", err, code)
	}
}

// blames checks that a validation error, or the like, names exactly these fields.
func blames(t *testing.T, err error, code domain.Code, fields ...string) {
	t.Helper()
	fails(t, err, code)
	var blamed []string
	if e, ok := errors.AsType[*domain.Error](err); ok {
		for _, f := range e.Fields {
			blamed = append(blamed, f.Field)
		}
	}
	if !slices.Equal(blamed, fields) {
		t.Errorf("%v blames %v; want %v", err, blamed, fields)
	}
}

// imageStore keeps references alone. It refuses what starts with "bad".
type imageStore struct {
	mu   sync.Mutex
	n    int
	kept map[string]bool
	// settle waits for what is being cleared up.
	settle func()
}

func (s *imageStore) Put(ctx context.Context, field string, data []byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return "", ports.Unavailable(err)
	}
	if strings.HasPrefix(string(data), "bad") {
		return "", domain.ImageInvalid(field, "is no image")
	}
	s.n++
	ref := "/images/" + string(data) + strings.Repeat("'", s.n)
	s.kept[ref] = true
	return ref, nil
}

func (s *imageStore) Delete(ctx context.Context, ref string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return ports.Unavailable(err)
	}
	delete(s.kept, ref)
	return nil
}

// shows checks that exactly the pictures of these users are kept.
func (s *imageStore) shows(t *testing.T, users ...domain.User) {
	t.Helper()
	s.settle()
	var want []string
	for _, u := range users {
		for _, ref := range []string{u.Avatar, u.CoverImage} {
			if ref == "" {
				continue
			}
			if want = append(want, ref); !s.kept[ref] {
				t.Errorf("the picture %s is shown and not kept", ref)
			}
		}
	}
	if len(s.kept) != len(want) {
		t.Errorf("kept are the pictures %v; want %v", s.kept, want)
	}
}

// showsAtLeast checks that the pictures of a user are kept; others may be.
func (s *imageStore) showsAtLeast(t *testing.T, u domain.User) {
	t.Helper()
	s.settle()
	for _, ref := range []string{u.Avatar, u.CoverImage} {
		if ref != "" && !s.kept[ref] {
			t.Errorf("the picture %s is shown and not kept", ref)
		}
	}
}

// eventSink remembers the kinds of events.
type eventSink struct {
	mu    sync.Mutex
	kinds []domain.EventKind
}

func (s *eventSink) Emit(_ context.Context, e domain.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kinds = append(s.kinds, e.Kind)
}

func (s *eventSink) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kinds = nil
}

// were checks which events happened since it was asked last.
func (s *eventSink) were(t *testing.T, want ...domain.EventKind) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.kinds, want) {
		t.Errorf("the events were %v; want %v", s.kinds, want)
	}
	s.kinds = nil
}
