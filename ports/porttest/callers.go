package porttest

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// CallerStores is stores of users and of sessions, and what reads one of each in one go.
type CallerStores struct {
	Users    ports.UserRepository
	Sessions ports.TokenStore
	Callers  ports.Callers
}

// TestCallers proves an implementation of ports.Callers: whatever holds for reading a session or a user alone has to hold
// for reading both. Each call of open returns new, empty stores that go by the clock now, and registers with t what closes
// them.
func TestCallers(t *testing.T, open func(t *testing.T, now func() time.Time) CallerStores) {
	t.Run("Sessions", func(t *testing.T) {
		TestTokenStore(t, func(t *testing.T, now func() time.Time) ports.TokenStore {
			stores := open(t, now)
			return sessionsOfCallers{stores.Sessions, stores.Callers}
		})
	})
	t.Run("Users", func(t *testing.T) {
		TestUserRepository(t, func(t *testing.T) ports.UserRepository {
			stores := open(t, time.Now)
			return usersOfCallers{stores.Users, stores}
		})
	})
}

// sessionsOfCallers reads sessions with their users, of whom there are none.
type sessionsOfCallers struct {
	ports.TokenStore
	callers ports.Callers
}

// Get implements ports.TokenStore.
func (s sessionsOfCallers) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	session, _, err := s.callers.Caller(ctx, userID, id)
	if session != (domain.Session{}) {
		return session, nil
	}
	return domain.Session{}, err
}

// usersOfCallers reads users with a session that they begin for the purpose.
type usersOfCallers struct {
	ports.UserRepository
	stores CallerStores
}

// ByID implements ports.UserRepository.
func (s usersOfCallers) ByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	now := time.Now()
	session := domain.Session{ID: domain.SessionID(rand.Text()), UserID: id, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	if err := s.stores.Sessions.Create(ctx, session); err != nil {
		return domain.User{}, err
	}
	_, user, err := s.stores.Callers.Caller(ctx, id, session.ID)
	return user, err
}
