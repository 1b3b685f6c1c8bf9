package throttle

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.Throttle = (*Memory)(nil)

// maxKeys is how many keys one generation holds: with both full, some tens of megabytes.
const maxKeys = 100_000

// Memory is a ports.Throttle that counts in this process, with a token bucket for each key: the limit may be spent at
// once, and comes back evenly over the period. Whoever is refused spends nothing.
//
// Its memory is bounded. A bucket that nobody took from for a whole period is full, so it need not be remembered: the
// keys stand in two generations, and the old one is dropped when a period has passed. When somebody floods it with
// keys, the old generation goes sooner; whoever goes on trying meanwhile, also in vain, is remembered all the same.
type Memory struct {
	limit   Limit
	now     func() time.Time
	maxKeys int

	mu    sync.Mutex
	since time.Time // when young began
	young map[string]*rate.Limiter
	old   map[string]*rate.Limiter
}

// NewMemory is a throttle that has counted nothing, and goes by the clock now.
func NewMemory(limit Limit, now func() time.Time) *Memory {
	return &Memory{limit: limit, now: now, maxKeys: maxKeys, since: now(), young: map[string]*rate.Limiter{}}
}

// Check implements ports.Throttle.
func (m *Memory) Check(_ context.Context, key string) (time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	bucket := m.find(key)
	if bucket == nil {
		return 0, nil
	}
	return wait(bucket, m.now()), nil
}

// Count implements ports.Throttle.
func (m *Memory) Count(_ context.Context, key string) (time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	bucket := m.find(key)
	if bucket == nil {
		bucket = rate.NewLimiter(m.limit.rate(), m.limit.Count)
	}
	m.keep(key, bucket, now)
	wait := wait(bucket, now)
	if wait == 0 {
		bucket.AllowN(now, 1)
	}
	return wait, nil
}

func (m *Memory) find(key string) *rate.Limiter {
	if bucket, ok := m.young[key]; ok {
		return bucket
	}
	return m.old[key]
}

// keep puts the bucket of a key that is counted among the young ones. What is still old when these grow old was not
// counted since they began.
func (m *Memory) keep(key string, bucket *rate.Limiter, now time.Time) {
	if now.Sub(m.since) >= m.limit.Per || len(m.young) >= m.maxKeys {
		m.old, m.young, m.since = m.young, map[string]*rate.Limiter{}, now
	}
	m.young[key] = bucket
}

// wait is how long until the bucket holds a whole token. As AllowN reckons, what is missing by less than a nanosecond is
// not missing. The bucket counts in floating point, so one look ahead may be a hair short: it looks until nothing is left.
func wait(bucket *rate.Limiter, now time.Time) (wait time.Duration) {
	for {
		missing := 1 - bucket.TokensAt(now.Add(wait))
		seconds := max(0, missing) / float64(bucket.Limit())
		more := time.Duration(seconds * float64(time.Second))
		if more == 0 {
			return wait
		}
		wait += more
	}
}
