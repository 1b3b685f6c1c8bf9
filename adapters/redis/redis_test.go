package redis

import (
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

// topologies are the kinds of Redis, with a function each that answers the URL of an empty one.
var topologies = map[string]func(t testing.TB) string{
	"single": engines.Redis,
	"cluster": func(t testing.TB) string {
		return "redis+cluster://" + strings.Join(engines.RedisCluster(t), ",")
	},
	"sentinel": func(t testing.TB) string {
		return "redis+sentinel://" + engines.RedisSentinel(t) + "/0?master_name=" + engines.SentinelMaster
	},
}

// everywhere runs a test on each kind of Redis.
func everywhere(t *testing.T, test func(t *testing.T, empty func(t testing.TB) string)) {
	for name, empty := range topologies {
		t.Run(name, func(t *testing.T) { test(t, empty) })
	}
}

func TestUsers(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		porttest.TestUserRepository(t, func(t *testing.T) ports.UserRepository {
			return connect(t, empty(t), time.Now).Users()
		})
	})
}

func TestSessions(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		porttest.TestTokenStore(t, func(t *testing.T, now func() time.Time) ports.TokenStore {
			return connect(t, empty(t), now).Sessions()
		})
	})
}

func TestCallers(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		porttest.TestCallers(t, func(t *testing.T, now func() time.Time) porttest.CallerStores {
			s := connect(t, empty(t), now)
			return porttest.CallerStores{Users: s.Users(), Sessions: s.Sessions(), Callers: s}
		})
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
