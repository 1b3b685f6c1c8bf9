package password

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// occupy takes all workers until the pool's user calls release.
func occupy(t *testing.T, p *pool) (release func()) {
	t.Helper()
	done := make(chan struct{})
	for range cap(p.workers) {
		go func() {
			if err := p.run(t.Context(), func() { <-done }); err != nil {
				t.Errorf("run: %v", err)
			}
		}()
	}
	synctest.Wait()
	return func() { close(done); synctest.Wait() }
}

// wait queues behind the workers, and answers where the outcome will be.
func wait(ctx context.Context, p *pool, work func()) <-chan error {
	outcome := make(chan error, 1)
	go func() { outcome <- p.run(ctx, work) }()
	synctest.Wait()
	return outcome
}

func nothing() {}

// busy is how long a domain.Busy asks to wait.
func busy(t *testing.T, err error) time.Duration {
	t.Helper()
	e, ok := errors.AsType[*domain.Error](err)
	if !ok || e.Code != domain.CodeBusy {
		t.Fatalf("got %v, want domain.Busy", err)
	}
	return e.RetryAfter
}

func TestPoolRunsAsManyAtOnceAsWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(3, 0)
		var running, ran atomic.Int32
		done := make(chan struct{})
		for range 10 {
			go func() {
				_ = p.run(t.Context(), func() { running.Add(1); <-done; running.Add(-1); ran.Add(1) })
			}()
		}
		synctest.Wait()
		if n := running.Load(); n != 3 {
			t.Errorf("%d run at once, want 3", n)
		}
		close(done)
		synctest.Wait()
		if n := ran.Load(); n != 10 {
			t.Errorf("%d have run, want 10", n)
		}
	})
}

func TestPoolServesInTheOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1, 0)
		release := occupy(t, p)
		var served []int // by the one worker only
		for i := range 5 {
			wait(t.Context(), p, func() { served = append(served, i) })
		}
		release()
		if !slices.Equal(served, []int{0, 1, 2, 3, 4}) {
			t.Errorf("served %v", served)
		}
	})
}

func TestPoolRefusesPastItsQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1, 2)
		release := occupy(t, p)
		first, second := wait(t.Context(), p, nothing), wait(t.Context(), p, nothing)
		if wait := busy(t, p.run(t.Context(), nothing)); wait != time.Second {
			t.Errorf("asks to wait %v, want the second that Retry-After can say", wait)
		}
		release()
		if err := errors.Join(<-first, <-second, p.run(t.Context(), nothing)); err != nil {
			t.Errorf("those in the queue: %v", err)
		}
	})
}

func TestPoolRefusesWhoWouldWaitTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1, 0)
		p.average = 2 * time.Second
		release := occupy(t, p)
		first, second := wait(t.Context(), p, nothing), wait(t.Context(), p, nothing)
		if wait := busy(t, p.run(t.Context(), nothing)); wait != 4*time.Second {
			t.Errorf("asks to wait %v, want 4s, when the two before it have begun", wait)
		}
		release()
		if err := errors.Join(<-first, <-second); err != nil {
			t.Errorf("those in the queue: %v", err)
		}
	})
}

func TestPoolKeepsNobodyWaitingWhenItsGuessWasWrong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1, 0)
		release := occupy(t, p)
		began := time.Now()
		busy(t, p.run(t.Context(), nothing))
		if waited := time.Since(began); waited != maxWait {
			t.Errorf("was refused after %v, want %v", waited, maxWait)
		}
		release()
	})
}

func TestPoolHonoursTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1, 1)
		ended, end := context.WithCancel(t.Context())
		end()
		unavailable(t, p.run(ended, func() { t.Error("worked for nobody") }))

		release := occupy(t, p)
		leaving, leave := context.WithCancel(t.Context())
		left := wait(leaving, p, func() { t.Error("worked for nobody") })
		leave()
		unavailable(t, <-left)
		next := wait(t.Context(), p, nothing) // the place is free again
		release()
		if err := <-next; err != nil {
			t.Errorf("the next: %v", err)
		}
	})
}

func unavailable(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, ports.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want ErrUnavailable wrapping context.Canceled", err)
	}
}

func TestPoolLearnsHowLongWorkTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(1, 0)
		for range 100 {
			if err := p.run(t.Context(), func() { <-time.After(time.Second) }); err != nil {
				t.Fatal(err)
			}
		}
		if p.average < 990*time.Millisecond || p.average > time.Second {
			t.Errorf("thinks that work takes %v, want about 1s", p.average)
		}
	})
}

func TestPoolSurvivesAPanic(t *testing.T) {
	p := newPool(1, 1)
	func() {
		defer func() { _ = recover() }()
		_ = p.run(t.Context(), func() { panic("at work") })
	}()
	if err := p.run(t.Context(), nothing); err != nil {
		t.Errorf("the worker was not freed: %v", err)
	}
}
