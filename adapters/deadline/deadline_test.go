package deadline_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/deadline"
	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestItIsStillAStore(t *testing.T) {
	t.Run("users", func(t *testing.T) {
		porttest.TestUserRepository(t, func(*testing.T) ports.UserRepository {
			return &deadline.Users{UserRepository: memory.NewUsers(), Timeout: time.Minute}
		})
	})
	t.Run("sessions", func(t *testing.T) {
		porttest.TestTokenStore(t, func(_ *testing.T, now func() time.Time) ports.TokenStore {
			return &deadline.Sessions{TokenStore: memory.NewSessions(now), Timeout: time.Minute}
		})
	})
	t.Run("callers", func(t *testing.T) {
		porttest.TestCallers(t, func(_ *testing.T, now func() time.Time) porttest.CallerStores {
			users, sessions := memory.NewUsers(), memory.NewSessions(now)
			both := &deadline.Callers{Callers: app.SideBySide(sessions, users), Timeout: time.Minute}
			return porttest.CallerStores{Users: users, Sessions: sessions, Callers: both}
		})
	})
}

// hang is an engine that never answers.
func hang(ctx context.Context) error {
	<-ctx.Done()
	return ports.Unavailable(ctx.Err())
}

type hungUsers struct{}

func (hungUsers) Create(ctx context.Context, _ domain.User) error   { return hang(ctx) }
func (hungUsers) Update(ctx context.Context, _ domain.User) error   { return hang(ctx) }
func (hungUsers) Delete(ctx context.Context, _ domain.UserID) error { return hang(ctx) }
func (hungUsers) ByID(ctx context.Context, _ domain.UserID) (domain.User, error) {
	return domain.User{}, hang(ctx)
}
func (hungUsers) ByLogin(ctx context.Context, _ domain.Login) (domain.User, error) {
	return domain.User{}, hang(ctx)
}

type hungSessions struct{}

func (hungSessions) Create(ctx context.Context, _ domain.Session) error      { return hang(ctx) }
func (hungSessions) Update(ctx context.Context, _ domain.Session) error      { return hang(ctx) }
func (hungSessions) DeleteByUser(ctx context.Context, _ domain.UserID) error { return hang(ctx) }
func (hungSessions) ByUser(ctx context.Context, _ domain.UserID) ([]domain.Session, error) {
	return nil, hang(ctx)
}
func (hungSessions) Get(ctx context.Context, _ domain.UserID, _ domain.SessionID) (domain.Session, error) {
	return domain.Session{}, hang(ctx)
}

type hungCallers struct{}

func (hungCallers) Caller(ctx context.Context, _ domain.UserID, _ domain.SessionID) (domain.Session, domain.User, error) {
	return domain.Session{}, domain.User{}, hang(ctx)
}

type hungThrottle struct{}

func (hungThrottle) Check(ctx context.Context, _ string) (time.Duration, error) { return 0, hang(ctx) }
func (hungThrottle) Count(ctx context.Context, _ string) (time.Duration, error) { return 0, hang(ctx) }

func TestAnEngineThatHangsIsUnavailableInTime(t *testing.T) {
	const timeout = 2 * time.Second
	users := &deadline.Users{UserRepository: hungUsers{}, Timeout: timeout}
	sessions := &deadline.Sessions{TokenStore: hungSessions{}, Timeout: timeout}
	callers := &deadline.Callers{Callers: hungCallers{}, Timeout: timeout}
	throttle := &deadline.Throttle{Throttle: hungThrottle{}, Timeout: timeout}
	for name, call := range map[string]func(context.Context) error{
		"users: create":            func(ctx context.Context) error { return users.Create(ctx, domain.User{}) },
		"users: by id":             func(ctx context.Context) error { _, err := users.ByID(ctx, "u"); return err },
		"users: by login":          func(ctx context.Context) error { _, err := users.ByLogin(ctx, domain.Login{}); return err },
		"users: update":            func(ctx context.Context) error { return users.Update(ctx, domain.User{}) },
		"users: delete":            func(ctx context.Context) error { return users.Delete(ctx, "u") },
		"sessions: create":         func(ctx context.Context) error { return sessions.Create(ctx, domain.Session{}) },
		"sessions: get":            func(ctx context.Context) error { _, err := sessions.Get(ctx, "u", "s"); return err },
		"sessions: update":         func(ctx context.Context) error { return sessions.Update(ctx, domain.Session{}) },
		"sessions: by user":        func(ctx context.Context) error { _, err := sessions.ByUser(ctx, "u"); return err },
		"sessions: delete by user": func(ctx context.Context) error { return sessions.DeleteByUser(ctx, "u") },
		"callers: caller":          func(ctx context.Context) error { _, _, err := callers.Caller(ctx, "u", "s"); return err },
		"throttle: check":          func(ctx context.Context) error { _, err := throttle.Check(ctx, "k"); return err },
		"throttle: count":          func(ctx context.Context) error { _, err := throttle.Count(ctx, "k"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now() // of the bubble: it moves when everybody waits
				err := call(t.Context())
				if !errors.Is(err, ports.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
				if waited := time.Since(start); waited != timeout {
					t.Errorf("it took %v", waited)
				}
			})
		})
	}
}
