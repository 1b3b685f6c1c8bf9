package password

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const (
	// maxWait is how long a caller waits for a worker at most. Longer, and people press the button again.
	maxWait = 5 * time.Second
	// firstGuess is how long a hashing is thought to take before one was measured.
	firstGuess = 50 * time.Millisecond
)

// pool runs so many pieces of work at once, lets so many more wait in order, and refuses the rest at once. So a storm
// of sign-ins takes neither more memory than that nor more of the processors' time, and whoever it serves, it serves soon.
type pool struct {
	workers chan struct{} // holds one for each piece of work that runs
	queue   int           // 0 where the expected wait alone decides

	mu      sync.Mutex
	waiting int
	average time.Duration // of one piece of work, moving
}

func newPool(workers, queue int) *pool {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &pool{workers: make(chan struct{}, workers), queue: queue, average: firstGuess}
}

// run does the work when its turn comes. Else the error is domain.Busy or ports.ErrUnavailable, and nothing was done.
func (p *pool) run(ctx context.Context, work func()) error {
	if ctx.Err() != nil {
		return ports.Unavailable(ctx.Err())
	}
	if err := p.begin(ctx); err != nil {
		return err
	}
	defer p.end(time.Now())
	work()
	return nil
}

// begin takes a free worker, or queues for one.
func (p *pool) begin(ctx context.Context) error {
	select {
	case p.workers <- struct{}{}:
		return nil
	default:
	}
	if err := p.join(); err != nil {
		return err
	}
	defer p.leave()
	late := time.NewTimer(maxWait)
	defer late.Stop()
	select {
	case p.workers <- struct{}{}: // served in the order of arrival
		return nil
	case <-late.C:
		return domain.Busy(p.wait())
	case <-ctx.Done():
		return ports.Unavailable(ctx.Err())
	}
}

// join takes a place in the queue, if it is worth waiting there.
func (p *pool) join() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	full := p.queue > 0 && p.waiting >= p.queue
	if full || p.expected(p.waiting+1) > maxWait {
		return domain.Busy(atLeastASecond(p.expected(p.waiting)))
	}
	p.waiting++
	return nil
}

func (p *pool) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting--
}

// end frees the worker and learns how long the work took.
func (p *pool) end(began time.Time) {
	<-p.workers
	p.mu.Lock()
	defer p.mu.Unlock()
	p.average += (time.Since(began) - p.average) / 8
}

// wait is when those who wait now will have begun, as far as can be told.
func (p *pool) wait() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return atLeastASecond(p.expected(p.waiting))
}

// expected is how long the last of n who wait does so.
func (p *pool) expected(n int) time.Duration {
	return p.average * time.Duration(n) / time.Duration(cap(p.workers))
}

// atLeastASecond is what Retry-After can say.
func atLeastASecond(wait time.Duration) time.Duration { return max(wait, time.Second) }
