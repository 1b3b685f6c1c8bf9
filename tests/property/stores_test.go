package property

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/adapters/sqlite"
	"github.com/latchkey-auth/latchkey/adapters/throttle"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func TestMemory(t *testing.T) {
	clock := wholeSeconds()
	check(t, clock, func(t *rapid.T) subject {
		return open(t, memory.NewUsers(), memory.NewSessions(clock.Now), clock.Now)
	})
}

func TestSQLite(t *testing.T) {
	clock := wholeSeconds()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "latchkey.db"), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	check(t, clock, func(t *rapid.T) subject { return open(t, db.Users(), db.Sessions(), clock.Now) })
}

const thePassword = "correct horse battery"

// house is the use cases over a store, and one user in it.
type house struct {
	*app.App
	ctx      context.Context
	users    ports.UserRepository
	sessions *historian
	user     domain.UserID
	email    string
	now      func() time.Time
}

// open registers a new user: the store may hold those of earlier histories.
func open(t *rapid.T, users ports.UserRepository, sessions ports.TokenStore, now func() time.Time) *house {
	t.Helper()
	h := &house{ctx: t.Context(), users: users, sessions: &historian{TokenStore: sessions}, now: now}
	h.App = app.New(app.Deps{
		Users: users, Sessions: h.sessions,
		Hasher: password.New(password.Config{Argon2: password.Argon2Params{Memory: 8, Time: 1, Threads: 1}}),
		Issuer: tokens, Verifier: tokens, Events: unheard{},
		AccountFailures: throttle.Unlimited{}, AddressFailures: throttle.Unlimited{}, Registrations: throttle.Unlimited{},
		Passwords:  domain.PasswordPolicy{MinLength: 8, MaxBytes: domain.MaxPasswordBytes},
		SessionFor: policy, Now: now,
	})
	h.email = string(domain.NewUserID(now())) + "@example.org"
	user, err := h.RegisterUser.Do(h.ctx, app.RegisterRequest{Email: h.email, Password: domain.NewSecret(thePassword)})
	if err != nil {
		t.Fatal(err)
	}
	h.user = user.ID
	return h
}

func (h *house) signIn() (domain.Secret, error) {
	answer, err := h.LoginUser.Do(h.ctx, app.LoginRequest{Email: h.email, Password: domain.NewSecret(thePassword)})
	return answer.Refresh.Secret, err
}

func (h *house) refresh(token domain.Secret) (domain.Secret, error) {
	answer, err := h.RefreshAccessToken.Do(h.ctx, app.RefreshRequest{Token: token})
	if err != nil {
		return domain.Secret{}, err
	}
	_, err = h.Authenticate.Do(h.ctx, answer.Access.Secret)
	return answer.Refresh.Secret, err
}

func (h *house) logOut(token domain.Secret) error {
	return h.LogoutUser.Do(h.ctx, app.LogoutRequest{Refresh: token})
}

func (h *house) caller(in domain.SessionID) (app.Caller, error) {
	user, err := h.users.ByID(h.ctx, h.user)
	return app.Caller{User: user, Session: domain.Session{ID: in, UserID: h.user}}, err
}

func (h *house) revoke() error {
	caller, err := h.caller("another session")
	if err != nil {
		return err
	}
	return h.EndSession.Do(h.ctx, app.EndSessionRequest{Caller: caller, ID: h.sessions.id()})
}

func (h *house) changePassword(here bool) error {
	in := domain.SessionID("another session")
	if here {
		in = h.sessions.id()
	}
	caller, err := h.caller(in)
	if err != nil {
		return err
	}
	same := domain.NewSecret(thePassword)
	return h.ChangePassword.Do(h.ctx, app.ChangePasswordRequest{Caller: caller, Old: same, New: same})
}

func (h *house) resetPassword() error {
	user, err := h.users.ByID(h.ctx, h.user)
	if err != nil {
		return err
	}
	return h.users.Update(h.ctx, user.ChangePassword(user.PasswordHash, "", h.now()))
}

func (h *house) stored() (domain.Session, bool) {
	s, err := h.sessions.Get(h.ctx, h.user, h.sessions.id())
	if err != nil && !errors.Is(err, ports.ErrNotFound) {
		panic(err)
	}
	return s, err == nil
}

func (h *house) writes() int { return len(h.sessions.history) }

func (h *house) lose(k int) error { return h.sessions.lose(h.ctx, k) }

// historian remembers what was written of the newest session, so that the last writes can be lost.
type historian struct {
	ports.TokenStore
	history []domain.Session
}

func (h *historian) id() domain.SessionID { return h.history[0].ID }

func (h *historian) Create(ctx context.Context, s domain.Session) error {
	h.history = []domain.Session{s}
	return h.TokenStore.Create(ctx, s)
}

func (h *historian) Update(ctx context.Context, s domain.Session) error {
	err := h.TokenStore.Update(ctx, s)
	if err == nil && s.ID == h.id() {
		h.history = append(h.history, s)
	}
	return err
}

func (h *historian) lose(ctx context.Context, k int) error {
	h.history = h.history[:len(h.history)-k]
	last := h.history[len(h.history)-1]
	if err := h.DeleteByUser(ctx, last.UserID); err != nil {
		return err
	}
	return h.TokenStore.Create(ctx, last)
}

// unheard hears no event.
type unheard struct{}

func (unheard) Emit(context.Context, domain.Event) {}
