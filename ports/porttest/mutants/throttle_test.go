package mutants

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
)

// throttled is a healthy throttle, of which a mutant replaces some methods.
type throttled struct {
	ports.Throttle
	check, count func(ctx context.Context, key string) (time.Duration, error)
}

// Check implements ports.Throttle.
func (th *throttled) Check(ctx context.Context, key string) (time.Duration, error) {
	return th.check(ctx, key)
}

// Count implements ports.Throttle.
func (th *throttled) Count(ctx context.Context, key string) (time.Duration, error) {
	return th.count(ctx, key)
}

// brokenThrottle opens throttles with another limit, in which wreck has replaced what it wrecks.
func brokenThrottle(limit func(limit int, per time.Duration) (int, time.Duration), wreck func(th *throttled)) openThrottle {
	return func(count int, per time.Duration, now func() time.Time) ports.Throttle {
		count, per = limit(count, per)
		whole := healthyThrottle(count, per, now)
		th := &throttled{Throttle: whole, check: whole.Check, count: whole.Count}
		wreck(th)
		return th
	}
}

func sameLimit(limit int, per time.Duration) (int, time.Duration) { return limit, per }

func nothing(*throttled) {}

func throttleMutants() []mutant[openThrottle] {
	return []mutant[openThrottle]{
		by("Limit/AllowsTheLimitAndNoMore", "allows one more", brokenThrottle(oneMore, nothing)),
		by("Limit/CheckCountsNothing", "Check counts", brokenThrottle(sameLimit, func(th *throttled) { th.check = th.Throttle.Count })),
		by("Limit/CheckSeesWhatWasCounted", "Check always says yes", brokenThrottle(sameLimit, func(th *throttled) { th.check = yes })),
		by[openThrottle]("Limit/RefusalCountsNothing", "starts the wait again for whoever is refused", startsTheWaitAgain),
		by("Limit/KeysAreCountedApart Races/KeysAreCountedApartAtOnce", "counts all keys together", brokenThrottle(sameLimit, oneKey)),
		by("Limit/KeysAreCountedApart", "trims keys", brokenThrottle(sameLimit, trimsKeys)),
		by("Limit/AllIsFreeAgainAfterThePeriod", "takes twice the period", brokenThrottle(twiceThePeriod, nothing)),
		by[openThrottle]("Limit/NothingIsSavedUp", "gives back what nobody spent", savesUp),
		by("Limit/LongRunIsBounded", "forgets what was counted a quarter of the period ago", brokenThrottle(quarterOfThePeriod, nothing)),
		by("Wait/NoWaitIsLeftAfterTheWait", "asks for half the wait", brokenThrottle(sameLimit, waits(func(d time.Duration) time.Duration { return d / 2 }))),
		by("Wait/NoWaitIsLongerThanItMustBe", "asks for twice the wait", brokenThrottle(sameLimit, waits(func(d time.Duration) time.Duration { return 2 * d }))),
		by("Wait/CountWaitsAsCheckDoes", "Count answers the wait of the next", brokenThrottle(sameLimit, answersTheNextWait)),
		by("Races/OnlyTheLimitIsAllowedAtOnce Races/KeysAreCountedApartAtOnce", "checks, and then counts", brokenThrottle(sameLimit, checksThenCounts)),
		by[openThrottle]("Races/CheckTakesNothingForAMoment", "Check counts, and takes it back", countsAndTakesBack),
	}
}

func oneMore(limit int, per time.Duration) (int, time.Duration) { return limit + 1, per }

func twiceThePeriod(limit int, per time.Duration) (int, time.Duration) { return limit, 2 * per }

func quarterOfThePeriod(limit int, per time.Duration) (int, time.Duration) { return limit, per / 4 }

func yes(context.Context, string) (time.Duration, error) { return 0, nil }

func oneKey(th *throttled) {
	th.check = func(ctx context.Context, _ string) (time.Duration, error) { return th.Throttle.Check(ctx, "") }
	th.count = func(ctx context.Context, _ string) (time.Duration, error) { return th.Throttle.Count(ctx, "") }
}

func trimsKeys(th *throttled) {
	th.count = func(ctx context.Context, key string) (time.Duration, error) {
		return th.Throttle.Count(ctx, strings.TrimSpace(key))
	}
}

// waits answers other waits than it must be waited.
func waits(change func(time.Duration) time.Duration) func(th *throttled) {
	return func(th *throttled) {
		th.check = func(ctx context.Context, key string) (time.Duration, error) {
			wait, err := th.Throttle.Check(ctx, key)
			return change(wait), err
		}
	}
}

func answersTheNextWait(th *throttled) {
	th.count = func(ctx context.Context, key string) (time.Duration, error) {
		if _, err := th.Throttle.Count(ctx, key); err != nil {
			return 0, err
		}
		return th.Throttle.Check(ctx, key)
	}
}

// checksThenCounts counts those whom Check let in, in two steps.
func checksThenCounts(th *throttled) {
	th.count = func(ctx context.Context, key string) (time.Duration, error) {
		wait, err := th.Throttle.Check(ctx, key)
		if err != nil || wait > 0 {
			return wait, err
		}
		pause()
		_, err = th.Throttle.Count(ctx, key)
		return 0, err
	}
}

// startsTheWaitAgain banishes whoever is refused for the whole period.
func startsTheWaitAgain(limit int, per time.Duration, now func() time.Time) ports.Throttle {
	var until time.Time
	return brokenThrottle(sameLimit, func(th *throttled) {
		th.count = func(ctx context.Context, key string) (time.Duration, error) {
			if wait := until.Sub(now()); wait > 0 {
				until = now().Add(per)
				return per, nil
			}
			wait, err := th.Throttle.Count(ctx, key)
			if wait > 0 {
				until = now().Add(per)
			}
			return wait, err
		}
	})(limit, per, now)
}

// savesUp has the limit come again with each period, on top of what is left.
func savesUp(limit int, per time.Duration, now func() time.Time) ports.Throttle {
	begun, counted := now(), 0
	return brokenThrottle(sameLimit, func(th *throttled) {
		th.count = func(context.Context, string) (time.Duration, error) {
			if periods := int(now().Sub(begun) / per); counted >= limit*(1+periods) {
				return per, nil
			}
			counted++
			return 0, nil
		}
	})(limit, per, now)
}

// lender is a throttle of which Check is Count, and gives back what that took.
type lender struct {
	limit int64
	per   time.Duration
	taken atomic.Int64
}

func countsAndTakesBack(limit int, per time.Duration, _ func() time.Time) ports.Throttle {
	return &lender{limit: int64(limit), per: per}
}

// Check implements ports.Throttle.
func (l *lender) Check(ctx context.Context, key string) (time.Duration, error) {
	wait, err := l.Count(ctx, key)
	if wait == 0 {
		pause()
		l.taken.Add(-1)
	}
	return wait, err
}

// Count implements ports.Throttle.
func (l *lender) Count(context.Context, string) (time.Duration, error) {
	if l.taken.Add(1) > l.limit {
		l.taken.Add(-1)
		return l.per, nil
	}
	return 0, nil
}
