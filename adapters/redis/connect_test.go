package redis

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

func TestURLOfAServer(t *testing.T) {
	s := reach(t, "redis://ann:s%40cret@db.example.org:6380/3?pool_size=7")
	o := s.client.(*goredis.Client).Options()
	if o.Addr != "db.example.org:6380" || o.DB != 3 || o.Username != "ann" || o.Password != "s@cret" || o.PoolSize != 7 {
		t.Errorf("the options are %s, database %d, %d connections", o.Addr, o.DB, o.PoolSize)
	}
	if !o.ContextTimeoutEnabled || o.TLSConfig != nil {
		t.Error("contexts are not honoured, or there is TLS")
	}
	if o := reach(t, "rediss://db.example.org").client.(*goredis.Client).Options(); o.TLSConfig == nil || o.Addr != "db.example.org:6379" {
		t.Errorf("the options are %s, TLS %v", o.Addr, o.TLSConfig)
	}
}

func TestURLOfACluster(t *testing.T) {
	for url, want := range map[string][]string{
		"redis+cluster://one:1":                         {"one:1"},
		"rediss+cluster://ann:pw@one:1,two:2,[::1]:3/?": {"one:1", "two:2", "[::1]:3"},
		"redis+cluster://one,two:2?pool_size=7":         {"one:6379", "two:2"},
	} {
		o := reach(t, url).client.(*goredis.ClusterClient).Options()
		if !slices.Equal(o.Addrs, want) || !o.ContextTimeoutEnabled || o.ReadOnly {
			t.Errorf("%s: the nodes are %q, want %q", url, o.Addrs, want)
		}
		if (o.TLSConfig != nil) != strings.HasPrefix(url, "rediss") {
			t.Errorf("%s: TLS is %v", url, o.TLSConfig)
		}
	}
}

func TestURLsThatAreRefused(t *testing.T) {
	for _, url := range []string{
		"", "redis", "redis://", "redis:db", "http://db", "redis+x://db", "x+cluster://db", "redis://db/x", "redis://db:port",
		"redis://db?unknown=1", "redis+cluster://", "redis+cluster://,two", "redis+sentinel://one:1", "redis+sentinel://one:1/0",
		"redis://ann:hunter2@db:port", "redis+cluster://ann:hunter2@one:1,two:2?unknown=1", "redis://ann:hunter2@/%zz",
	} {
		_, err := Connect(t.Context(), url, time.Now)
		if !errors.Is(err, ErrURL) {
			t.Errorf("%q: got the error %v, want ErrURL", url, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the error shows the password: %v", url, err)
		}
	}
}
