package engines

import (
	"context"
	"fmt"
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

// Sentinel is a pair that a Sentinel watches. It is one test's own.
type Sentinel struct {
	*Pair
	sentinel *server
}

// OwnRedisSentinel starts a Redis server, a replica of it, and a Sentinel, which knows both.
func OwnRedisSentinel(t testing.TB) *Sentinel {
	t.Helper()
	p := RedisReplica(t)
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	sentinel, err := watch(ctx, p.primary.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sentinel.end() })
	s := &Sentinel{p, sentinel}
	client := s.client()
	defer func() { _ = client.Close() }()
	err = sentinel.until(ctx, func() error {
		known, err := client.Replicas(ctx, SentinelMaster).Result()
		if len(known) != 1 {
			return fmt.Errorf("the Sentinel knows %d replicas, %v", len(known), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// URL is where the Sentinel says who serves.
func (s *Sentinel) URL() string {
	return "redis+sentinel://" + s.sentinel.addr + "/0?master_name=" + SentinelMaster
}

// Kill kills the primary. The Sentinel waits for it, longer than tests last, until Failover.
func (s *Sentinel) Kill() {
	s.t.Helper()
	if err := s.primary.end(); err != nil {
		s.t.Fatal(err)
	}
}

// Failover has the Sentinel lose its patience: it promotes the replica.
func (s *Sentinel) Failover() {
	s.t.Helper()
	client := s.client()
	defer func() { _ = client.Close() }()
	// Ten times as long may a replica have been without its primary, to be promoted.
	if err := client.Set(s.t.Context(), SentinelMaster, "down-after-milliseconds", "2000").Err(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Sentinel) client() *goredis.SentinelClient {
	return goredis.NewSentinelClient(&goredis.Options{Addr: s.sentinel.addr, MaxRetries: -1, ContextTimeoutEnabled: true})
}
