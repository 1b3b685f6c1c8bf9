package password

import (
	"time"

	"github.com/latchkey-auth/latchkey/ports"
)

// idleTime is how long a worker that has nothing to do keeps its thread and its memory. Both are worth keeping for the
// next sign-in, since fresh memory costs as much time as half a hash, but not when none comes.
const idleTime = 10 * time.Second

// worker does jobs until none came for a while.
func (p *pool) worker() {
	stepBack()
	var m memory
	defer m.release()
	for {
		for j := p.next(); j != nil; j = p.next() {
			p.do(j, &m)
		}
		if !p.awaitCall() {
			return
		}
	}
}

// next takes the job whose turn it is, nil where nobody waits.
func (p *pool) next() *job {
	p.mu.Lock()
	defer p.mu.Unlock()
	j := p.queue.pop()
	if j != nil {
		p.stats.Busy++
	}
	return j
}

// do does a job, and learns how long that took. A panic is for whoever waits for the job.
func (p *pool) do(j *job, m *memory) {
	began := time.Now()
	defer func() {
		if cause := recover(); cause != nil {
			j.panicked = ports.PanicOf(cause)
		}
		p.done(time.Since(began))
		j.end(nil)
	}()
	j.work(m)
}

func (p *pool) done(took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.average += (p.believed(took) - p.average) / 8
	p.stats.Busy--
	p.stats.Done++
	p.stats.Hashing += took
	p.settle()
}

// believed is how long a job took, as far as the average is told: one that was held up, since the machine stood still, say,
// would have those refused who would begin in time. Where a few take far longer than the rest, the average is too low.
func (p *pool) believed(took time.Duration) time.Duration {
	return min(took, max(4*p.average, firstGuess))
}

// awaitCall waits for more to do. Where it answers false, the worker is to end.
func (p *pool) awaitCall() bool {
	idle := time.NewTimer(idleTime)
	defer idle.Stop()
	select {
	case <-p.arrived:
		return true
	case <-p.ended:
	case <-idle.C:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queue.size > 0 { // somebody counts on this worker
		return true
	}
	p.workers--
	return false
}
