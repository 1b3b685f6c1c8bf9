package domain_test

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

var (
	start  = time.Date(2026, 2, 28, 23, 59, 59, 999e6, time.UTC)
	policy = domain.SessionPolicy{RefreshTTL: 15 * 24 * time.Hour, MaxAge: 90 * 24 * time.Hour, Grace: 30 * time.Second}
)

const tick = time.Millisecond

// rotated is a session that began at start and was last refreshed, for the sixth time, an hour later.
func rotated() domain.Session {
	s := domain.NewSession(domain.User{ID: "u1"}, domain.Client{}, start, policy)
	s.Generation, s.RotatedAt, s.Version = 7, start.Add(time.Hour), 7
	s.ExpiresAt = s.RotatedAt.Add(policy.RefreshTTL)
	return s
}

func TestRedeemAtExactInstants(t *testing.T) {
	long := policy.RefreshTTL - tick
	for _, c := range []struct {
		name       string
		generation int64
		after      time.Duration // since the last rotation
		want       domain.Outcome
	}{
		{"the newest at once", 7, 0, domain.Rotated},
		{"the newest within the grace", 7, time.Second, domain.Rotated},
		{"the newest at the last moment", 7, long, domain.Rotated},
		{"its predecessor at once", 6, 0, domain.Repeated},
		{"its predecessor as the grace ends", 6, policy.Grace, domain.Repeated},
		{"its predecessor after the grace", 6, policy.Grace + tick, domain.Reused},
		{"its predecessor by a clock that lags", 6, -time.Second, domain.Repeated},
		{"the one before at once", 5, 0, domain.Reused},
		{"the one before by a clock that lags", 5, -time.Second, domain.Reused},
		{"the first of all", 1, 0, domain.Reused},
		{"one that the store has lost", 8, 0, domain.RolledForward},
		{"one that the store has lost, late", 8, long, domain.RolledForward},
		{"many that the store has lost", 1000, time.Second, domain.RolledForward},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := rotated()
			now := before.RotatedAt.Add(c.after)
			after, got := before.Redeem(c.generation, now, policy)
			if got != c.want {
				t.Fatalf("%v; want %v", got, c.want)
			}
			if want := expected(before, c.generation, now, c.want); after != want {
				t.Errorf("the session is %+v; want %+v", after, want)
			}
		})
	}
}

// expected is what each outcome leaves of a session that may still slide in full.
func expected(s domain.Session, generation int64, now time.Time, outcome domain.Outcome) domain.Session {
	switch outcome {
	case domain.Rotated, domain.RolledForward:
		s.Generation, s.RotatedAt, s.ExpiresAt = generation+1, now, now.Add(policy.RefreshTTL)
	case domain.Reused:
		s.EndedAt, s.EndReason = now, domain.EndReused
	}
	return s
}

func TestThereIsNoTokenBeforeTheFirst(t *testing.T) {
	fresh := domain.NewSession(domain.User{ID: "u1"}, domain.Client{}, start, policy)
	for _, generation := range []int64{0, -1} {
		if s, got := fresh.Redeem(generation, start, policy); got != domain.Reused || !s.Ended() {
			t.Errorf("generation %d was %v", generation, got)
		}
	}
}

// The grace is that of the rotation: however often an answer is asked for again, it ends when it would have ended.
func TestRepeatsDoNotProlongTheGrace(t *testing.T) {
	s := rotated()
	for after := time.Duration(0); after <= policy.Grace; after += 10 * time.Second {
		repeated, outcome := s.Redeem(6, s.RotatedAt.Add(after), policy)
		if outcome != domain.Repeated || repeated != s {
			t.Fatalf("%v after %v; the session is %+v", outcome, after, repeated)
		}
	}
	if _, outcome := s.Redeem(6, s.RotatedAt.Add(policy.Grace+tick), policy); outcome != domain.Reused {
		t.Errorf("%v after the grace", outcome)
	}
}

func TestWithoutGraceNothingIsForgivenLater(t *testing.T) {
	strict := policy
	strict.Grace = 0
	s := rotated()
	if _, outcome := s.Redeem(6, s.RotatedAt.Add(tick), strict); outcome != domain.Reused {
		t.Errorf("%v without grace", outcome)
	}
}

func TestRollingForwardForgivesOnlyTheImmediatePredecessor(t *testing.T) {
	now := rotated().RotatedAt.Add(time.Minute)
	s, _ := rotated().Redeem(20, now, policy)
	for generation, want := range map[int64]domain.Outcome{
		21: domain.Rotated, 20: domain.Repeated, 19: domain.Reused, 7: domain.Reused, 22: domain.RolledForward,
	} {
		if _, got := s.Redeem(generation, now, policy); got != want {
			t.Errorf("generation %d after rolling forward to 21 was %v; want %v", generation, got, want)
		}
	}
}

func TestExpirySlidesUpToTheGreatestAge(t *testing.T) {
	last := start.Add(policy.MaxAge)
	for _, c := range []struct {
		at   time.Duration // since sign-in
		want time.Time
	}{
		{0, start.Add(policy.RefreshTTL)},
		{time.Hour, start.Add(time.Hour + policy.RefreshTTL)},
		{policy.MaxAge - policy.RefreshTTL - tick, last.Add(-tick)},
		{policy.MaxAge - policy.RefreshTTL, last},
		{policy.MaxAge - policy.RefreshTTL + tick, last},
		{policy.MaxAge - tick, last},
	} {
		s, outcome := rotated().Redeem(7, start.Add(c.at), policy)
		if outcome != domain.Rotated || !s.ExpiresAt.Equal(c.want) {
			t.Errorf("%v: refreshed after %v, it expires at %v; want %v", outcome, c.at, s.ExpiresAt, c.want)
		}
	}
	short := domain.SessionPolicy{RefreshTTL: 2 * time.Hour, MaxAge: time.Hour}
	if s := domain.NewSession(domain.User{}, domain.Client{}, start, short); !s.ExpiresAt.Equal(start.Add(time.Hour)) {
		t.Errorf("a new session outlives the greatest age: %v", s.ExpiresAt)
	}
}

func TestWhatHasEndedNeverRevives(t *testing.T) {
	for _, reason := range reasons {
		ended := rotated().End(reason, start.Add(time.Hour))
		for generation := int64(-1); generation < 12; generation++ {
			for _, at := range []time.Duration{0, time.Hour, policy.MaxAge * 2} {
				if s, outcome := ended.Redeem(generation, start.Add(at), policy); outcome != domain.Reused || s != ended {
					t.Fatalf("%s: generation %d was %v, and the session became %+v", reason, generation, outcome, s)
				}
			}
		}
	}
}

func TestOutcomesHaveNames(t *testing.T) {
	for outcome, want := range map[domain.Outcome]string{
		domain.Rotated: "rotated", domain.Repeated: "repeated", domain.RolledForward: "rolled forward",
		domain.Reused: "reused", 0: "unknown", 99: "unknown",
	} {
		if got := outcome.String(); got != want {
			t.Errorf("%d is called %q; want %q", int(outcome), got, want)
		}
	}
}
