package redis

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.Throttle = (*Throttle)(nil)

// Throttle counts for every process that uses this database, with a token bucket for each key: the limit may be spent
// at once, and comes back evenly over the period. Each call is one script on one key of the engine's.
//
// It goes by the clocks of the processes, as the sessions beside it do, and not by the engine's: time is told to stores,
// and a failover changes the engine's clock too. Clocks that differ cost little. Where one process is ahead of another,
// the other makes people wait longer by the difference, and a key gets no more beyond its limit than comes back within
// the difference, and that once. Keys expire by the engine's clock, so that nobody is kept out for much longer than a
// period by what a process counted whose clock was wrong.
//
// The script is our own, because the limiters there are for Redis decide by the engine's clock, let in who comes half a
// token early, and cannot be asked without counting.
type Throttle struct {
	*Store
	name  string
	count int
	per   time.Duration
}

// expirySlack is for how much longer than needed the engine keeps a key, so that its clock may go faster than ours.
const expirySlack = time.Minute

var askThrottle = load("throttle")

// Throttle counts what goes by that name, and allows so many within a time. Both are positive.
func (s *Store) Throttle(name string, count int, per time.Duration) *Throttle {
	return &Throttle{s, name, count, per}
}

// Check implements ports.Throttle.
func (th *Throttle) Check(ctx context.Context, key string) (time.Duration, error) {
	return th.ask(ctx, "check", key)
}

// Count implements ports.Throttle.
func (th *Throttle) Count(ctx context.Context, key string) (time.Duration, error) {
	return th.ask(ctx, "count", key)
}

func (th *Throttle) ask(ctx context.Context, verb, key string) (time.Duration, error) {
	period := float64(th.per) / float64(time.Microsecond)
	reply, err := th.run(ctx, askThrottle, []string{countKey(th.name, key)},
		verb, th.now().UnixMicro(), th.count, period, expirySlack.Milliseconds())
	wait, _ := reply.(int64)
	return time.Duration(wait) * time.Microsecond, err
}

// countKey holds what was counted for a key. It shows nobody's name or address to who looks at keys or commands, though
// whoever guesses one can tell whether it was counted; and it is short, whatever was typed.
func countKey(name, key string) string {
	sum := sha256.Sum256([]byte(key))
	return "latchkey:throttle:" + name + ":" + base64.RawURLEncoding.EncodeToString(sum[:])
}
