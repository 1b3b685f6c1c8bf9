package mongo

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
		return connectTo(t, engines.Mongo(t), time.Now).Users()
	})
}

func TestSessions(t *testing.T) {
	porttest.TestTokenStore(t, func(t *testing.T, now func() time.Time) ports.TokenStore {
		return connectTo(t, engines.Mongo(t), now).Sessions()
	})
}

func connectTo(t testing.TB, url string, now func() time.Time) *Store {
	t.Helper()
	s, err := Connect(t.Context(), url, now)
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestUserLister(t *testing.T) {
	porttest.TestUserLister(t, func(t *testing.T) porttest.ListedUsers {
		return connectTo(t, engines.Mongo(t), time.Now).Users()
	})
}

func TestSessionLister(t *testing.T) {
	porttest.TestSessionLister(t, func(t *testing.T, now func() time.Time) porttest.ListedSessions {
		return connectTo(t, engines.Mongo(t), now).Sessions()
	})
}
