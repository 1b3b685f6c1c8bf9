package password

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// inPool runs a test with a pool on a clock of its own.
func inPool(t *testing.T, workers, limit int, test func(t *testing.T, p *pool)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := newPool(Config{Workers: workers, Queue: limit})
		defer p.close()
		test(t, p)
	})
}

// occupy takes all workers until the pool's user calls release.
func occupy(t *testing.T, p *pool) (release func()) {
	t.Helper()
	done := make(chan struct{})
	for range p.size {
		go func() {
			if err := p.run(t.Context(), "occupant", func(*memory) { <-done }); err != nil {
				t.Errorf("run: %v", err)
			}
		}()
	}
	synctest.Wait()
	return func() { close(done); synctest.Wait() }
}

// wait queues behind the workers, and answers where the outcome will be.
func wait(ctx context.Context, p *pool, from string, work func(*memory)) <-chan error {
	outcome := make(chan error, 1)
	go func() { outcome <- p.run(ctx, from, work) }()
	synctest.Wait()
	return outcome
}

func nothing(*memory) {}

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
	inPool(t, 3, 0, func(t *testing.T, p *pool) {
		var running, ran atomic.Int32
		done := make(chan struct{})
		for range 10 {
			go func() {
				_ = p.run(t.Context(), network, func(*memory) { running.Add(1); <-done; running.Add(-1); ran.Add(1) })
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

// served is whose jobs a pool did, in the order in which it began them, when these were waiting: each letter is a job,
// of the network of that name.
func served(t *testing.T, p *pool, waiting string) string {
	t.Helper()
	release := occupy(t, p)
	var order strings.Builder // by the one worker only
	for _, from := range strings.Split(waiting, "") {
		wait(t.Context(), p, from, func(*memory) { order.WriteString(from) })
	}
	release()
	return order.String()
}

func TestPoolServesOneNetworkInTheOrderOfArrival(t *testing.T) {
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		release := occupy(t, p)
		var served []int
		for i := range 5 {
			wait(t.Context(), p, network, func(*memory) { served = append(served, i) })
		}
		release()
		if !slices.Equal(served, []int{0, 1, 2, 3, 4}) {
			t.Errorf("served %v", served)
		}
	})
}

func TestPoolLetsNetworksTakeTurns(t *testing.T) {
	for waiting, want := range map[string]string{
		"aaaa":       "aaaa",
		"aaaabb":     "ababaa",
		"aaaaabc":    "abcaaaa",
		"abcabcabc":  "abcabcabc",
		"bbbaaac":    "bacbaba",
		"aaaabbbbcc": "abcabcabab",
	} {
		inPool(t, 1, 0, func(t *testing.T, p *pool) {
			if got := served(t, p, waiting); got != want {
				t.Errorf("%s were served as %s, want %s", waiting, got, want)
			}
		})
	}
}

func TestPoolHonoursTheContext(t *testing.T) {
	inPool(t, 1, 1, func(t *testing.T, p *pool) {
		ended, end := context.WithCancel(t.Context())
		end()
		unavailable(t, p.run(ended, network, func(*memory) { t.Error("worked for nobody") }), context.Canceled)

		release := occupy(t, p)
		leaving, leave := context.WithCancel(t.Context())
		left := wait(leaving, p, network, func(*memory) { t.Error("worked for nobody") })
		leave()
		unavailable(t, <-left, context.Canceled)
		next := wait(t.Context(), p, network, nothing) // the place is free again
		unavailable(t, p.run(ended, network, nothing), context.Canceled)
		release()
		if err := <-next; err != nil {
			t.Errorf("the next: %v", err)
		}
	})
}

// Work that has begun writes where its caller reads, so the caller must not be gone.
func TestPoolEndsWhatItHasBegun(t *testing.T) {
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		ctx, cancel := context.WithCancel(t.Context())
		begun, end := make(chan struct{}), make(chan struct{})
		outcome := wait(ctx, p, network, func(*memory) { close(begun); <-end })
		<-begun
		cancel()
		synctest.Wait()
		select {
		case err := <-outcome:
			t.Errorf("the caller left before the end, with %v", err)
		default:
		}
		close(end)
		if err := <-outcome; err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func unavailable(t *testing.T, err, cause error) {
	t.Helper()
	if !errors.Is(err, ports.ErrUnavailable) || !errors.Is(err, cause) {
		t.Errorf("got %v, want ErrUnavailable wrapping %v", err, cause)
	}
}

func TestPoolTurnsEverybodyAwayWhenItCloses(t *testing.T) {
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		release := occupy(t, p)
		waiting := wait(t.Context(), p, network, func(*memory) { t.Error("worked for nobody") })
		closed := make(chan struct{})
		go func() { p.close(); close(closed) }()
		unavailable(t, <-waiting, errClosed)
		unavailable(t, p.run(t.Context(), network, nothing), errClosed)
		select {
		case <-closed:
			t.Error("close did not wait for work under way")
		default:
		}
		release()
		<-closed
	})
}

func TestPoolCounts(t *testing.T) {
	inPool(t, 2, 1, func(t *testing.T, p *pool) {
		hasher := &Hasher{pool: p}
		release := occupy(t, p)
		outcome := wait(t.Context(), p, network, nothing)
		busy(t, p.run(t.Context(), network, nothing))
		<-time.After(time.Second)
		if got, want := hasher.Stats(), (Stats{Workers: 2, Busy: 2, Waiting: 1, Refused: 1}); got != want {
			t.Errorf("in a storm: %+v, want %+v", got, want)
		}
		release()
		<-outcome
		if got, want := hasher.Stats(), (Stats{Workers: 2, Done: 3, Refused: 1, Hashing: 2 * time.Second}); got != want {
			t.Errorf("after it: %+v, want %+v", got, want)
		}
	})
}

// brokenWork panics with what nobody is to see.
func brokenWork(*memory) { panic("a password") }

func TestPoolSurvivesAPanic(t *testing.T) {
	inPool(t, 1, 1, func(t *testing.T, p *pool) {
		func() {
			defer func() {
				cause, _ := recover().(ports.Panic)
				if said := cause.String(); !strings.Contains(said, "type string") || !strings.Contains(said, "brokenWork") || strings.Contains(said, "a password") {
					t.Errorf("the caller got %v", cause)
				}
			}()
			_ = p.run(t.Context(), network, brokenWork)
		}()
		if err := p.run(t.Context(), network, nothing); err != nil {
			t.Errorf("the worker was not freed: %v", err)
		}
	})
}
