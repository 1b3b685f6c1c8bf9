package redis

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestThrottle(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		porttest.TestThrottle(t, func(t *testing.T, limit int, per time.Duration, now func() time.Time) ports.Throttle {
			return connect(t, empty(t), now).Throttle("limit", limit, per)
		})
	})
}

func wait(t *testing.T, want time.Duration, ask func() (time.Duration, error)) {
	t.Helper()
	if got, err := ask(); got != want || err != nil {
		t.Errorf("got the wait %v (%v), want %v", got, err, want)
	}
}

func (th *Throttle) counting(t *testing.T, key string) func() (time.Duration, error) {
	return func() (time.Duration, error) { return th.Count(t.Context(), key) }
}

// TestProcessesCountTogether has many count at once, by two connections of which neither knows what the other does.
func TestProcessesCountTogether(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		const limit, each = 10, 40
		url, clock := empty(t), porttest.NewClock()
		var allowed atomic.Int32
		var all sync.WaitGroup
		for range 2 {
			th := connect(t, url, clock.Now).Throttle("limit", limit, time.Hour)
			for range each {
				all.Go(func() {
					wait, err := th.Count(t.Context(), "key")
					if err != nil {
						t.Error(err)
					}
					if wait == 0 {
						allowed.Add(1)
					}
				})
			}
		}
		all.Wait()
		if n := allowed.Load(); n != limit {
			t.Errorf("%d of %d that counted at once need not wait, want %d", n, 2*each, limit)
		}
	})
}

func TestThrottlesOfOtherNamesCountApart(t *testing.T) {
	s := connect(t, engines.Redis(t), porttest.NewClock().Now)
	for _, name := range []string{"one", "other"} {
		wait(t, 0, s.Throttle(name, 1, time.Hour).counting(t, "key"))
	}
	wait(t, time.Hour, s.Throttle("one", 1, time.Hour).counting(t, "key"))
}

// TestClocksThatDiffer has one process two minutes ahead of another, where a token comes back each minute: people wait
// two minutes longer at the late one, and get two tokens more than the limit, once.
func TestClocksThatDiffer(t *testing.T) {
	const limit, per, ahead = 5, 5 * time.Minute, 2 * time.Minute
	url, clock := engines.Redis(t), porttest.NewClock()
	late := connect(t, url, clock.Now).Throttle("limit", limit, per)
	early := connect(t, url, func() time.Time { return clock.Now().Add(ahead) }).Throttle("limit", limit, per)
	for range limit {
		wait(t, 0, late.counting(t, "key"))
	}
	for range 2 {
		wait(t, 0, early.counting(t, "key"))
	}
	for range 2 {
		wait(t, time.Minute, early.counting(t, "key"))
		wait(t, time.Minute+ahead, late.counting(t, "key"))
	}
	clock.Advance(time.Minute)
	wait(t, 0, early.counting(t, "key"))
	wait(t, time.Minute, early.counting(t, "key"))
	wait(t, time.Minute+ahead, late.counting(t, "key"))
}

// TestRedisLetsCountsExpire wants keys to go once all of their tokens are back, and not before.
func TestRedisLetsCountsExpire(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		const limit, per, oneBack = 4, 4 * time.Hour, time.Hour
		clock := porttest.NewClock()
		th := connect(t, empty(t), clock.Now).Throttle("limit", limit, per)
		wants := func(back time.Duration) {
			t.Helper()
			left := th.client.PTTL(t.Context(), countKey("limit", "key")).Val()
			if left <= back || left > back+expirySlack {
				t.Errorf("Redis lets the key expire in %v, want %v and at most %v more", left, back, expirySlack)
			}
		}
		for n := range limit {
			wait(t, 0, th.counting(t, "key"))
			wants(time.Duration(n+1) * oneBack)
		}
		wait(t, oneBack, th.counting(t, "key"))
		wants(per)
		clock.Advance(per - oneBack/2)
		wait(t, 0, th.counting(t, "key"))
		wants(oneBack + oneBack/2)
	})
}

func TestCheckLeavesNoKey(t *testing.T) {
	s := connect(t, engines.Redis(t), porttest.NewClock().Now)
	wait(t, 0, func() (time.Duration, error) { return s.Throttle("limit", 1, time.Hour).Check(t.Context(), "key") })
	if left := keys(t, s); len(left) > 0 {
		t.Errorf("the keys %q are left", left)
	}
}

// TestKeysOfCountsShowNobody has keys that are personal, and long.
func TestKeysOfCountsShowNobody(t *testing.T) {
	s := connect(t, engines.Redis(t), porttest.NewClock().Now)
	th := s.Throttle("limit", 1, time.Hour)
	for _, key := range []string{"ann@example.org 192.0.2.1", "192.0.2.1", "}{ann", strings.Repeat("ann", 1000)} {
		wait(t, 0, th.counting(t, key))
	}
	all := keys(t, s)
	if len(all) != 4 {
		t.Errorf("the keys are %q", all)
	}
	for _, key := range all {
		if strings.Contains(key, "ann") || strings.Contains(key, "192") || len(key) > 80 {
			t.Errorf("the key of a count is %q", key)
		}
	}
}

// TestDamagedCountsAreErrors: what cannot be read lets nobody in.
func TestDamagedCountsAreErrors(t *testing.T) {
	s := connect(t, engines.Redis(t), porttest.NewClock().Now)
	th := s.Throttle("limit", 1, time.Hour)
	for name, damage := range map[string]func(key string) error{
		"no number":  func(key string) error { return s.client.HSet(t.Context(), key, "spent", "x", "at", "y").Err() },
		"other type": func(key string) error { return s.client.Set(t.Context(), key, "x", 0).Err() },
	} {
		noError(t, damage(countKey("limit", name)))
		if wait, err := th.Count(t.Context(), name); err == nil {
			t.Errorf("%s: got the wait %v, want an error", name, wait)
		}
	}
}

// TestNothingIsMissingOnTime has a token come back in parts that floating point cannot add up to a whole one.
func TestNothingIsMissingOnTime(t *testing.T) {
	const limit, oneBack, early = 7, 36 * time.Second, 107010145 * time.Microsecond
	clock := porttest.NewClock()
	th := connect(t, engines.Redis(t), clock.Now).Throttle("limit", limit, limit*oneBack)
	for range limit {
		wait(t, 0, th.counting(t, "key"))
	}
	clock.Advance(early)
	wait(t, 0, th.counting(t, "key"))
	clock.Advance(3*oneBack - early)
	wait(t, 0, th.counting(t, "key"))
	wait(t, 0, th.counting(t, "key"))
	wait(t, oneBack, th.counting(t, "key"))
}

// TestLimitsOfAllSizes: nothing that a setting may ask for is too much for the arithmetic.
func TestLimitsOfAllSizes(t *testing.T) {
	s := connect(t, engines.Redis(t), porttest.NewClock().Now)
	for i, limit := range []struct {
		count int
		per   time.Duration
	}{{1, 100 * 365 * 24 * time.Hour}, {1<<31 - 1, 100 * 365 * 24 * time.Hour}, {1<<31 - 1, time.Nanosecond}, {1, time.Nanosecond}} {
		th := s.Throttle(fmt.Sprint(i), limit.count, limit.per)
		wait(t, 0, th.counting(t, "key"))
		if limit.count == 1 && limit.per > time.Second {
			wait(t, limit.per, th.counting(t, "key"))
		}
	}
}
