package metrics_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/adapters/metrics"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

var policy = domain.SessionPolicy{RefreshTTL: time.Hour, MaxAge: time.Hour}

func now() time.Time { return time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC) }

func TestItIsStillAStore(t *testing.T) {
	m := metrics.New()
	t.Run("users", func(t *testing.T) {
		porttest.TestUserRepository(t, func(*testing.T) ports.UserRepository { return m.Users(memory.NewUsers()) })
	})
	t.Run("sessions", func(t *testing.T) {
		porttest.TestTokenStore(t, func(_ *testing.T, now func() time.Time) ports.TokenStore {
			return m.Sessions(memory.NewSessions(now))
		})
	})
	t.Run("callers", func(t *testing.T) {
		porttest.TestCallers(t, func(_ *testing.T, now func() time.Time) porttest.CallerStores {
			users, sessions := memory.NewUsers(), memory.NewSessions(now)
			return porttest.CallerStores{Users: users, Sessions: sessions, Callers: m.Callers(app.InTurn(sessions, users))}
		})
	})
}

// TestOperationsAreCountedByOutcome: every operation, however it ends.
func TestOperationsAreCountedByOutcome(t *testing.T) {
	for outcome, err := range map[string]error{
		"ok": nil, "not_found": ports.ErrNotFound, "stale": ports.ErrStale, "taken": domain.UserExists("email"),
		"canceled": ports.Unavailable(context.Canceled), "unavailable": ports.ErrUnavailable, "failed": context.DeadlineExceeded,
	} {
		m := metrics.New()
		callAll(t.Context(), m, answering{err})
		for store, operations := range map[string][]string{
			"users":    {"create", "by_id", "by_login", "update", "delete"},
			"sessions": {"create", "get", "update", "by_user", "delete_by_user"},
			"callers":  {"read"},
		} {
			for _, operation := range operations {
				of := fmt.Sprintf(`operation=%q`, operation)
				tells(t, m,
					fmt.Sprintf(`latchkey_store_operations_total{%s,outcome=%q,store=%q} 1`, of, outcome, store),
					fmt.Sprintf(`latchkey_store_operation_duration_seconds_count{%s,store=%q} 1`, of, store))
			}
		}
	}
}

// TestSessionsCountOnceStored: what a store did not do has not happened.
func TestSessionsCountOnceStored(t *testing.T) {
	m := metrics.New()
	sessions := m.Sessions(answering{ports.ErrStale}.sessions())
	s := domain.Session{}
	if sessions.Create(t.Context(), s) == nil || sessions.Update(t.Context(), s.End(domain.EndSignedOut, now())) == nil {
		t.Fatal("it was stored")
	}
	tells(t, m, "latchkey_sessions_started_total 0", `latchkey_sessions_ended_total{reason="signed_out"} 0`)
}

// callAll calls each operation once.
func callAll(ctx context.Context, m *metrics.Metrics, a answering) {
	users, sessions := m.Users(a), m.Sessions(a.sessions())
	_ = users.Create(ctx, domain.User{})
	_, _ = users.ByID(ctx, "u")
	_, _ = users.ByLogin(ctx, domain.Login{})
	_ = users.Update(ctx, domain.User{})
	_ = users.Delete(ctx, "u")
	_ = sessions.Create(ctx, domain.Session{})
	_, _ = sessions.Get(ctx, "u", "s")
	_ = sessions.Update(ctx, domain.Session{})
	_, _ = sessions.ByUser(ctx, "u")
	_ = sessions.DeleteByUser(ctx, "u")
	_, _, _ = m.Callers(app.InTurn(a.sessions(), a)).Caller(ctx, "u", "s")
}

// answering is a store that answers everything with one error.
type answering struct{ err error }

func (a answering) Create(context.Context, domain.User) error   { return a.err }
func (a answering) Update(context.Context, domain.User) error   { return a.err }
func (a answering) Delete(context.Context, domain.UserID) error { return a.err }
func (a answering) ByID(context.Context, domain.UserID) (domain.User, error) {
	return domain.User{}, a.err
}
func (a answering) ByLogin(context.Context, domain.Login) (domain.User, error) {
	return domain.User{}, a.err
}

func (a answering) sessions() ports.TokenStore { return answeringSessions(a) }

type answeringSessions struct{ err error }

func (a answeringSessions) Create(context.Context, domain.Session) error      { return a.err }
func (a answeringSessions) Update(context.Context, domain.Session) error      { return a.err }
func (a answeringSessions) DeleteByUser(context.Context, domain.UserID) error { return a.err }
func (a answeringSessions) Get(context.Context, domain.UserID, domain.SessionID) (domain.Session, error) {
	return domain.Session{}, a.err
}
func (a answeringSessions) ByUser(context.Context, domain.UserID) ([]domain.Session, error) {
	return nil, a.err
}
