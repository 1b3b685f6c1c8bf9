package redis

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

func TestUsers(t *testing.T) {
	porttest.TestUserRepository(t, func(t *testing.T) ports.UserRepository {
		return connect(t, engines.Redis(t), time.Now).Users()
	})
}

func TestSessions(t *testing.T) {
	porttest.TestTokenStore(t, func(t *testing.T, now func() time.Time) ports.TokenStore {
		return connect(t, engines.Redis(t), now).Sessions()
	})
}

func connect(t *testing.T, url string, now func() time.Time) *Store {
	t.Helper()
	s, err := Connect(t.Context(), url, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
