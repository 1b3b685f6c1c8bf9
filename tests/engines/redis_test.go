package engines

import (
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

func TestRedisClusterServesEverySlot(t *testing.T) {
	for range 2 {
		client := goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: RedisCluster(t)})
		defer func() { _ = client.Close() }()
		for _, key := range []string{"a", "b", "c", "d", "e", "f"} {
			if won, err := client.SetNX(t.Context(), key, "", 0).Result(); !won || err != nil {
				t.Errorf("%s: set %t (%v)", key, won, err)
			}
		}
	}
}

func TestRedisReplicaMissesWhatIsWrittenAfterTheCut(t *testing.T) {
	pair := RedisReplica(t)
	client := goredis.NewClient(&goredis.Options{Dialer: pair.Dial})
	defer func() { _ = client.Close() }()
	set := func(value string) {
		t.Helper()
		if err := client.Set(t.Context(), "key", value, 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
	set("kept")
	pair.Sync()
	pair.Cut()
	set("lost")
	pair.Promote()
	if got, err := client.Get(t.Context(), "key").Result(); got != "kept" || err != nil {
		t.Errorf("after the promotion the key is %q (%v)", got, err)
	}
	set("written to the promoted one")
}
