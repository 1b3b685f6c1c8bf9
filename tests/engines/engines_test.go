package engines

import (
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

func TestMain(m *testing.M) { Main(m) }

func TestRedisDatabasesAreEmptyAndApart(t *testing.T) {
	one, two := dial(t, Redis(t)), dial(t, Redis(t))
	if err := one.Set(t.Context(), "key", "one", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if n, err := two.DBSize(t.Context()).Result(); n != 0 || err != nil {
		t.Errorf("a test sees %d keys of another (%v)", n, err)
	}
}

func TestRedisDatabasesAreGivenBackEmpty(t *testing.T) {
	held := Redis(t)
	taken := map[string]bool{}
	for range 3 {
		t.Run("", func(t *testing.T) {
			url := Redis(t)
			taken[url] = true
			if err := dial(t, url).Set(t.Context(), "key", "", 0).Err(); err != nil {
				t.Fatal(err)
			}
		})
	}
	if len(taken) != 1 || taken[held] {
		t.Errorf("tests one after the other took the databases %v; want one, and not %s", taken, held)
	}
}

func dial(t *testing.T, url string) *goredis.Client {
	t.Helper()
	options, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := goredis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}
