package porttest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
)

// TestThrottle proves an implementation of ports.Throttle. Each call of open returns a throttle that has counted
// nothing, allows limit counts within per, goes by the clock now, and registers with t what closes it.
func TestThrottle(t *testing.T, open func(t *testing.T, limit int, per time.Duration, now func() time.Time) ports.Throttle) {
	prove(t, func(t *testing.T) throttles { return throttles{NewClock(), open} }, throttleThemes)
}

var throttleThemes = []theme[throttles]{
	{"Limit", throttleLimitRules},
	{"Wait", throttleWaitRules},
	{"Races", throttleRaceRules},
}

// throttles opens the throttles that a rule needs.
type throttles struct {
	clock *Clock
	make  func(t *testing.T, limit int, per time.Duration, now func() time.Time) ports.Throttle
}

func (s throttles) open(t *testing.T, limit int, per time.Duration) throttle {
	t.Helper()
	return throttle{s.make(t, limit, per, s.clock.Now), s.clock}
}

// throttle is the throttle under test, and the steps that rules are made of.
type throttle struct {
	ports.Throttle
	clock *Clock
}

// The limits that the rules are tried with: some leave a remainder in any unit.
var limits = []struct {
	count int
	per   time.Duration
}{
	{1, time.Second}, {3, 10 * time.Second}, {10, 15 * time.Minute}, {7, time.Hour}, {100, time.Hour}, {13, 90 * 24 * time.Hour},
}

// forEachLimit runs check on a throttle for each of the limits.
func forEachLimit(check func(t *testing.T, th throttle, limit int, per time.Duration)) func(*testing.T, throttles) {
	return func(t *testing.T, s throttles) {
		for _, l := range limits {
			t.Run(fmt.Sprintf("%d in %s", l.count, l.per), func(t *testing.T) {
				check(t, s.open(t, l.count, l.per), l.count, l.per)
			})
		}
	}
}

func (th throttle) check(t *testing.T, key string) time.Duration {
	t.Helper()
	wait, err := th.Check(t.Context(), key)
	wantNoError(t, "Check", err)
	return wait
}

func (th throttle) count(t *testing.T, key string) time.Duration {
	t.Helper()
	wait, err := th.Count(t.Context(), key)
	wantNoError(t, "Count", err)
	return wait
}

// wantAllowed wants exactly n counts that need not wait, and the next one to wait.
func (th throttle) wantAllowed(t *testing.T, key string, n int) {
	t.Helper()
	for i := range n {
		if wait := th.count(t, key); wait != 0 {
			t.Fatalf("Count %d of %d that are allowed: got the wait %v, want none", i+1, n, wait)
		}
	}
	if wait := th.count(t, key); wait <= 0 {
		t.Fatalf("Count past the %d that are allowed: got the wait %v, want a positive one", n, wait)
	}
}

var throttleLimitRules = []rule[throttles]{
	{"AllowsTheLimitAndNoMore", forEachLimit(allowsTheLimit)},
	{"CheckCountsNothing", forEachLimit(checkCountsNothing)},
	{"CheckSeesWhatWasCounted", forEachLimit(checkSeesCounts)},
	{"RefusalCountsNothing", forEachLimit(refusalCountsNothing)},
	{"KeysAreCountedApart", keysAreApart},
	{"AllIsFreeAgainAfterThePeriod", forEachLimit(allIsFreeAgain)},
	{"NothingIsSavedUp", forEachLimit(nothingIsSavedUp)},
	{"LongRunIsBounded", forEachLimit(longRunIsBounded)},
}

func allowsTheLimit(t *testing.T, th throttle, limit int, _ time.Duration) {
	th.wantAllowed(t, "key", limit)
}

func checkCountsNothing(t *testing.T, th throttle, limit int, _ time.Duration) {
	for range limit + 1 {
		if wait := th.check(t, "key"); wait != 0 {
			t.Fatalf("Check of a key that nothing was counted for: got the wait %v, want none", wait)
		}
	}
	th.wantAllowed(t, "key", limit)
}

func checkSeesCounts(t *testing.T, th throttle, limit int, per time.Duration) {
	for i := range limit {
		if wait := th.check(t, "key"); wait != 0 {
			t.Fatalf("Check after %d of %d counts: got the wait %v, want none", i, limit, wait)
		}
		th.count(t, "key")
	}
	if wait := th.check(t, "key"); wait <= 0 || wait > per {
		t.Errorf("Check when the limit is spent: got the wait %v, want a positive one of at most %v", wait, per)
	}
}

// refusalCountsNothing has somebody try in vain all through the wait, who may count at its end all the same.
func refusalCountsNothing(t *testing.T, th throttle, limit int, _ time.Duration) {
	const tries = 10
	th.spend(t, limit)
	wait := th.check(t, "key")
	for range tries {
		if got := th.count(t, "key"); got <= 0 {
			t.Fatalf("Count before the end of the wait: got the wait %v, want a positive one", got)
		}
		th.clock.Advance(wait / tries)
	}
	th.clock.Advance(wait % tries)
	if got := th.count(t, "key"); got != 0 {
		t.Errorf("Count after the wait, through which others were refused: got the wait %v, want none", got)
	}
}

func keysAreApart(t *testing.T, s throttles) {
	th := s.open(t, 2, time.Hour)
	for _, key := range append([]string{"ann 192.0.2.1", "ann 192.0.2.2", "bob 192.0.2.1", "2001:db8::/64"}, oddKeys...) {
		th.wantAllowed(t, key, 2)
	}
}

func allIsFreeAgain(t *testing.T, th throttle, limit int, per time.Duration) {
	for range 3 {
		th.wantAllowed(t, "key", limit)
		th.clock.Advance(per)
	}
}

// nothingIsSavedUp has somebody stay away for longer than the period.
func nothingIsSavedUp(t *testing.T, th throttle, limit int, per time.Duration) {
	th.count(t, "key")
	th.clock.Advance(3 * per)
	th.wantAllowed(t, "key", limit)
}

// longRunIsBounded has somebody try far more often than they may, for several periods.
func longRunIsBounded(t *testing.T, th throttle, limit int, per time.Duration) {
	const periods, triesAPeriod = 3, 40
	allowed := 0
	for range periods * triesAPeriod {
		for range max(1, 2*limit/triesAPeriod) {
			if th.count(t, "key") == 0 {
				allowed++
			}
		}
		th.clock.Advance(per / triesAPeriod)
	}
	if most := limit * (periods + 1); allowed > most {
		t.Errorf("within %d periods %d counts were allowed, want at most %d", periods, allowed, most)
	}
}

var throttleWaitRules = []rule[throttles]{
	{"NoWaitIsLeftAfterTheWait", forEachLimit(waitIsEnough)},
	{"NoWaitIsLongerThanItMustBe", forEachLimit(waitIsNeeded)},
	{"CountWaitsAsCheckDoes", forEachLimit(countWaitsAsCheck)},
}

// spend counts until the key has to wait.
func (th throttle) spend(t *testing.T, limit int) {
	t.Helper()
	for range limit {
		th.count(t, "key")
	}
}

func waitIsEnough(t *testing.T, th throttle, limit int, per time.Duration) {
	th.spend(t, limit)
	for i := range 20 {
		th.clock.Advance(per * time.Duration(i) / 977)
		if wait := th.check(t, "key"); wait > 0 {
			th.clock.Advance(wait)
		}
		if left := th.check(t, "key"); left != 0 {
			t.Fatalf("Check after the wait that it asked for: got the wait %v, want none", left)
		}
		if left := th.count(t, "key"); left != 0 {
			t.Fatalf("Count after the wait that Check asked for: got the wait %v, want none", left)
		}
	}
}

// waitIsNeeded comes two milliseconds early: engines count in whole ones.
func waitIsNeeded(t *testing.T, th throttle, limit int, _ time.Duration) {
	const early = 2 * time.Millisecond
	th.spend(t, limit)
	th.clock.Advance(th.check(t, "key") - early)
	if left := th.check(t, "key"); left <= 0 {
		t.Errorf("Check %v before the end of the wait that it asked for: got the wait %v, want a positive one", early, left)
	}
}

func countWaitsAsCheck(t *testing.T, th throttle, limit int, per time.Duration) {
	for range limit + 3 {
		check := th.check(t, "key")
		if count := th.count(t, "key"); count != check {
			t.Errorf("Count: got the wait %v, want %v as from Check before it", count, check)
		}
		th.clock.Advance(per / time.Duration(100*limit))
	}
}

var throttleRaceRules = []rule[throttles]{
	{"OnlyTheLimitIsAllowedAtOnce", onlyTheLimitAtOnce},
	{"KeysAreCountedApartAtOnce", keysAreApartAtOnce},
	{"CheckTakesNothingForAMoment", checkTakesNothing},
}

// waited is the answer to one of many who count at once.
type waited struct {
	wait time.Duration
	err  error
}

func onlyTheLimitAtOnce(t *testing.T, s throttles) {
	for _, limit := range []int{1, 10, crowd - 1} {
		th := s.open(t, limit, 15*time.Minute)
		wantCountsAllowed(t, limit, together(crowd, func(int) waited {
			wait, err := th.Count(t.Context(), "key")
			return waited{wait, err}
		}))
	}
}

func keysAreApartAtOnce(t *testing.T, s throttles) {
	const keys, limit = 5, 4
	th := s.open(t, limit, 15*time.Minute)
	wantCountsAllowed(t, keys*limit, together(crowd, func(i int) waited {
		wait, err := th.Count(t.Context(), fmt.Sprint(i%keys))
		return waited{wait, err}
	}))
}

// checkTakesNothing has as many count as may, with others who check beside them.
func checkTakesNothing(t *testing.T, s throttles) {
	th := s.open(t, crowd/2, 15*time.Minute)
	answers := together(crowd, func(i int) waited {
		if i%2 == 0 {
			_, err := th.Check(t.Context(), "key")
			return waited{time.Hour, err} // is not among those who counted
		}
		wait, err := th.Count(t.Context(), "key")
		return waited{wait, err}
	})
	wantCountsAllowed(t, crowd/2, answers)
}

func wantCountsAllowed(t *testing.T, want int, answers []waited) {
	t.Helper()
	allowed := 0
	for _, answer := range answers {
		wantNoError(t, "Count at once", answer.err)
		if answer.wait == 0 {
			allowed++
		}
	}
	if allowed != want {
		t.Errorf("of %d that counted at once, %d need not wait, want %d", len(answers), allowed, want)
	}
}
