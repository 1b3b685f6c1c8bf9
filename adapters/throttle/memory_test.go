package throttle

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestMemory(t *testing.T) {
	porttest.TestThrottle(t, func(_ *testing.T, limit int, per time.Duration, now func() time.Time) ports.Throttle {
		return NewMemory(Limit{limit, per}, now)
	})
}

func TestUnlimited(t *testing.T) {
	for range 1000 {
		count(t, Unlimited{}, "key", 0)
		if wait, err := (Unlimited{}).Check(t.Context(), "key"); wait != 0 || err != nil {
			t.Fatalf("Check: got the wait %v and the error %v, want none", wait, err)
		}
	}
}

// TestRefusalSpendsNothing hammers at a key: it is free again as soon as if it had been left alone.
func TestRefusalSpendsNothing(t *testing.T) {
	clock := porttest.NewClock()
	th := NewMemory(Limit{1, time.Hour}, clock.Now)
	count(t, th, "key", 0)
	for waited := range time.Duration(60) {
		count(t, th, "key", time.Hour-waited*time.Minute)
		clock.Advance(time.Minute)
	}
	count(t, th, "key", 0)
}

// TestFullKeysAreForgotten counts for ever new keys: those of two periods are all there is.
func TestFullKeysAreForgotten(t *testing.T) {
	clock := porttest.NewClock()
	th := NewMemory(Limit{10, time.Hour}, clock.Now)
	for i := range 10_000 {
		count(t, th, fmt.Sprint(i), 0)
		clock.Advance(time.Minute)
		if got := th.kept(); got > 2*60 {
			t.Fatalf("after %d minutes %d keys are kept, want at most %d", i+1, got, 2*60)
		}
	}
}

// TestSpentKeyIsRemembered has the generations change while a key is spent: it gets its tokens back one by one.
func TestSpentKeyIsRemembered(t *testing.T) {
	clock := porttest.NewClock()
	th := NewMemory(Limit{2, time.Hour}, clock.Now)
	count(t, th, "key", 0)
	count(t, th, "key", 0)
	for i := range 20 {
		clock.Advance(30 * time.Minute)
		count(t, th, fmt.Sprint("other", i), 0)
		count(t, th, "key", 0)
		count(t, th, "key", 30*time.Minute)
	}
}

// TestFloodIsBounded counts for more keys than fit: the one that goes on trying, in vain, is remembered.
func TestFloodIsBounded(t *testing.T) {
	clock := porttest.NewClock()
	th := NewMemory(Limit{1, time.Hour}, clock.Now)
	th.maxKeys = 50
	count(t, th, "victim", 0)
	for i := range 1000 {
		count(t, th, fmt.Sprint(i), 0)
		count(t, th, "victim", time.Hour)
		if got := th.kept(); got > 2*th.maxKeys {
			t.Fatalf("after %d keys %d are kept, want at most %d", i+1, got, 2*th.maxKeys)
		}
	}
}

// TestNothingIsMissingAfterThePeriod spends limits that floating point cannot divide, bit by bit.
func TestNothingIsMissingAfterThePeriod(t *testing.T) {
	for n := 1; n <= 200; n++ {
		clock := porttest.NewClock()
		per := time.Duration(n*n)*7919*time.Millisecond + 1
		th := NewMemory(Limit{n, per}, clock.Now)
		for range 2 * n {
			if _, err := th.Count(t.Context(), "key"); err != nil {
				t.Fatal(err)
			}
			clock.Advance(per / time.Duration(n*n))
		}
		clock.Advance(per)
		for range n {
			count(t, th, "key", 0)
		}
	}
}

func (m *Memory) kept() int { return len(m.young) + len(m.old) }

func count(t *testing.T, th ports.Throttle, key string, want time.Duration) {
	t.Helper()
	wait, err := th.Count(t.Context(), key)
	if err != nil || wait.Round(time.Microsecond) != want {
		t.Fatalf("Count %s: got the wait %v and the error %v, want %v and none", key, wait, err, want)
	}
}
