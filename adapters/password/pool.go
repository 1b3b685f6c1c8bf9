package password

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const (
	// maxWait is how long a caller waits for a worker at most. Longer, and people press the button again.
	maxWait = 5 * time.Second
	// worthWaiting is the longest wait that is begun: less than maxWait, since it is a guess.
	worthWaiting = maxWait * 9 / 10
	// firstGuess is how long a job is thought to take before one was measured. Up to here, each is believed.
	firstGuess = 50 * time.Millisecond
)

var errClosed = errors.New("hashing has ended")

// pool runs so many jobs at once, lets so many more wait as can begin in time, and refuses the rest at once. So a storm
// of sign-ins takes neither more memory than that nor more of the processors' time, and whoever it serves, it serves soon.
//
// When the queue is full, the networks that wait the most give way: a storm from one of them keeps nobody else out.
type pool struct {
	size    int           // workers at most
	limit   int           // of those who wait; 0 where the expected wait alone decides
	arrived chan struct{} // holds a call for each worker that is to look at the queue again
	ended   chan struct{} // closed by close
	working sync.WaitGroup

	mu      sync.Mutex
	room    room
	queue   queue
	workers int
	average time.Duration // of one job, moving
	closed  bool
	stats   Stats
}

// job is work that somebody waits for.
type job struct {
	network  string
	work     func(*memory)
	done     chan struct{} // closed when the work is done, or failure says why not
	failure  error
	panicked any
	place    *list.Element // nil unless it waits
}

func newPool(c Config) *pool {
	if c.Workers <= 0 {
		c.Workers = processors()
	}
	return &pool{
		size: c.Workers, limit: c.Queue, average: firstGuess, queue: newQueue(), room: room{tell: c.Room},
		arrived: make(chan struct{}, c.Workers), ended: make(chan struct{}),
	}
}

// run has the work done when its network's turn comes. Else the error is domain.Busy or ports.ErrUnavailable, and nothing
// was done.
func (p *pool) run(ctx context.Context, network string, work func(*memory)) error {
	if ctx.Err() != nil {
		return ports.Unavailable(ctx.Err())
	}
	j := &job{network: network, work: work, done: make(chan struct{})}
	if err := p.join(j); err != nil {
		return err
	}
	late := time.NewTimer(maxWait)
	defer late.Stop()
	select {
	case <-j.done:
	case <-late.C:
		p.leave(j, nil)
	case <-ctx.Done():
		p.leave(j, ports.Unavailable(ctx.Err()))
	}
	<-j.done
	if j.panicked != nil {
		panic(j.panicked)
	}
	return j.failure
}

// join queues the job, if it is worth waiting, and sees to it that a worker comes for it.
func (p *pool) join(j *job) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ports.Unavailable(errClosed)
	}
	if p.full() {
		greedy := p.queue.popGreedy(j.network)
		if greedy == nil {
			return p.refusal()
		}
		greedy.end(p.refusal())
	}
	p.queue.push(j)
	p.call()
	p.room.want(p.size) // last: what is begun last goes first, and a single processor is to make room before it hashes
	return nil
}

// settle sees to it that the room is given back, once nothing was done for a while.
func (p *pool) settle() {
	if p.idle() {
		p.room.whenQuiet(p.giveBack)
	}
}

// giveBack gives the room back, unless somebody came for it meanwhile.
func (p *pool) giveBack() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.idle() {
		p.room.want(0)
	}
}

func (p *pool) idle() bool { return p.queue.size == 0 && p.stats.Busy == 0 }

// full reports whether one more would wait for too long, or would be one too many.
func (p *pool) full() bool {
	waiting := p.waiting()
	return p.limit > 0 && waiting >= p.limit || p.expected(waiting+1) > worthWaiting
}

// waiting is how many wait when every worker has got a job; less than zero where workers are left.
func (p *pool) waiting() int { return p.queue.size - (p.size - p.stats.Busy) }

// expected is how long the last of n who wait does so.
func (p *pool) expected(n int) time.Duration {
	return p.average * time.Duration(n) / time.Duration(p.size)
}

// refusal asks to come back when those who wait now have begun, as far as can be told.
func (p *pool) refusal() error {
	p.stats.Refused++
	return domain.Busy(max(p.expected(p.waiting()), time.Second)) // Retry-After cannot say less
}

// call starts another worker, or tells one who waits.
func (p *pool) call() {
	if idle := p.workers - p.stats.Busy; p.queue.size > idle && p.workers < p.size {
		p.workers++
		p.working.Go(p.worker)
		return
	}
	select {
	case p.arrived <- struct{}{}:
	default: // there is a call for every worker already
	}
}

// leave takes a job off the queue, because of the failure, or else since it waited too long; unless it has begun.
func (p *pool) leave(j *job, failure error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.queue.remove(j) {
		return
	}
	p.settle()
	if failure == nil {
		failure = p.refusal()
	}
	j.end(failure)
}

// end tells who waits for the job that it failed, or, where failure is nil, that it was done.
func (j *job) end(failure error) {
	j.failure = failure
	close(j.done)
}

// close turns away who waits, and returns when no worker is left. It may be called more than once.
func (p *pool) close() {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.ended)
	}
	for j := p.queue.pop(); j != nil; j = p.queue.pop() {
		j.end(ports.Unavailable(errClosed))
	}
	p.mu.Unlock()
	p.working.Wait()
	p.giveBack()
	p.room.telling.Wait()
}
