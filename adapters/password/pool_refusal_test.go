package password

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPoolRefusesPastItsQueue(t *testing.T) {
	inPool(t, 1, 2, func(t *testing.T, p *pool) {
		release := occupy(t, p)
		first, second := wait(t.Context(), p, network, nothing), wait(t.Context(), p, network, nothing)
		if wait := busy(t, p.run(t.Context(), network, nothing)); wait != time.Second {
			t.Errorf("asks to wait %v, want the second that Retry-After can say", wait)
		}
		release()
		if err := errors.Join(<-first, <-second, p.run(t.Context(), network, nothing)); err != nil {
			t.Errorf("those in the queue: %v", err)
		}
	})
}

func TestPoolRefusesWhoWouldWaitTooLong(t *testing.T) {
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		p.average = 2 * time.Second
		release := occupy(t, p)
		first, second := wait(t.Context(), p, network, nothing), wait(t.Context(), p, network, nothing)
		if wait := busy(t, p.run(t.Context(), network, nothing)); wait != 4*time.Second {
			t.Errorf("asks to wait %v, want 4s, when the two before it have begun", wait)
		}
		release()
		if err := errors.Join(<-first, <-second); err != nil {
			t.Errorf("those in the queue: %v", err)
		}
	})
}

// A storm of ten thousand from one address turns away itself alone.
func TestPoolHasRoomForWhoeverIsCalm(t *testing.T) {
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		release := occupy(t, p)
		var refused atomic.Int32
		for range 10_000 {
			go func() {
				if p.run(t.Context(), "attacker", nothing) != nil {
					refused.Add(1)
				}
			}()
		}
		synctest.Wait()
		places := int(worthWaiting / firstGuess)
		if n := p.queue.size; n != places || int(refused.Load()) != 10_000-places {
			t.Errorf("%d wait and %d were refused, want %d who wait", n, refused.Load(), places)
		}
		calm := make([]<-chan error, 20)
		for i := range calm {
			calm[i] = wait(t.Context(), p, string(rune('a'+i)), nothing)
		}
		if n := p.queue.size; n != places {
			t.Errorf("%d wait, want no more than before: %d", n, places)
		}
		release()
		for _, outcome := range calm {
			if err := <-outcome; err != nil {
				t.Errorf("somebody calm: %v", err)
			}
		}
	})
}

// Who gives way came last of those who take up most; where nobody takes up more than the newcomer would, it is the newcomer.
func TestPoolLetsTheLongestLineGiveWay(t *testing.T) {
	for _, test := range []struct{ waiting, newcomer, served string }{
		{"aaab", "c", "abca"},
		{"aaab", "b", "abab"},
		{"abbb", "a", "abab"},
		{"aabb", "a", "abab"},
		{"aabbb", "c", "abcab"},
		{"abcd", "e", "abcd"},
		{"abcd", "a", "abcd"},
		{"aaaa", "a", "aaaa"},
	} {
		inPool(t, 1, len(test.waiting), func(t *testing.T, p *pool) {
			if got := served(t, p, test.waiting+test.newcomer); got != test.served {
				t.Errorf("%s and then %s were served as %s, want %s", test.waiting, test.newcomer, got, test.served)
			}
		})
	}
}

// What is served is the oldest of each line, so the one who gives way is the newest.
func TestPoolLetsTheNewestGiveWay(t *testing.T) {
	inPool(t, 1, 2, func(t *testing.T, p *pool) {
		release := occupy(t, p)
		oldest, newest := wait(t.Context(), p, "a", nothing), wait(t.Context(), p, "a", nothing)
		calm := wait(t.Context(), p, "b", nothing)
		busy(t, <-newest)
		release()
		if err := errors.Join(<-oldest, <-calm); err != nil {
			t.Error(err)
		}
	})
}

// However long work takes, there is no reason to refuse it while a worker is free.
func TestPoolRefusesNobodyWhoNeedNotWait(t *testing.T) {
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		p.average = time.Minute
		if err := p.run(t.Context(), network, nothing); err != nil {
			t.Error(err)
		}
	})
}

func TestPoolKeepsNobodyWaitingWhenItsGuessWasWrong(t *testing.T) {
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		release := occupy(t, p)
		began := time.Now()
		busy(t, p.run(t.Context(), network, func(*memory) { t.Error("worked for nobody") }))
		if waited := time.Since(began); waited != maxWait {
			t.Errorf("was refused after %v, want %v", waited, maxWait)
		}
		release()
	})
}

func TestPoolLearnsHowLongWorkTakes(t *testing.T) {
	const ms = time.Millisecond
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		for _, c := range []struct {
			turns       []time.Duration
			least, most time.Duration // of the average
		}{
			{[]time.Duration{0}, 0, ms},
			{[]time.Duration{time.Second}, 990 * ms, time.Second},
			{[]time.Duration{30 * ms}, 30 * ms, 31 * ms},
			{[]time.Duration{30 * ms, 30 * ms, 30 * ms, 30 * ms, 300 * ms}, 65 * ms, 100 * ms}, // 84 ms
		} {
			for _, took := range slices.Repeat(c.turns, 300) {
				if err := p.run(t.Context(), network, func(*memory) { <-time.After(took) }); err != nil {
					t.Fatal(err)
				}
			}
			if p.average < c.least || p.average > c.most {
				t.Errorf("thinks that work takes %v, want %v to %v, where it took %v in turns", p.average, c.least, c.most, c.turns)
			}
		}
	})
}

// The machine may stand still for a moment, and those in the queue have all the time that they had.
func TestPoolRefusesNobodyForOneJobThatWasHeldUp(t *testing.T) {
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		p.average = 30 * time.Millisecond
		if err := p.run(t.Context(), network, func(*memory) { <-time.After(time.Second) }); err != nil {
			t.Fatal(err)
		}
		release := occupy(t, p)
		var queue []<-chan error
		for range 100 {
			queue = append(queue, wait(t.Context(), p, network, nothing))
		}
		release()
		for i, answer := range queue {
			if err := <-answer; err != nil {
				t.Errorf("number %d in the queue: %v", i+1, err)
			}
		}
	})
}
