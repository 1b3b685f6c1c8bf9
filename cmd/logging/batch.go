// Package logging writes the log.
package logging

import (
	"io"
	"runtime"
	"sync"
)

const (
	// maxPending bounds, in bytes, what waits while as much may be being written. Who logs more waits too.
	maxPending = 1 << 20
	// maxKept is how much memory stays with a batch for the next lines.
	maxKept = 64 << 10
)

// Batch writes a log without having those wait who log: lines that come while a write is under way are written together,
// by the next one, which follows as soon as it may. A process that is killed loses those.
type Batch struct {
	to      io.Writer
	stopped chan struct{}

	mu         sync.Mutex
	some, room *sync.Cond
	pending    []byte
	closed     bool
}

// NewBatch makes a Batch that writes to another writer, until it is closed.
func NewBatch(to io.Writer) *Batch {
	b := &Batch{to: to, stopped: make(chan struct{})}
	b.some, b.room = sync.NewCond(&b.mu), sync.NewCond(&b.mu)
	go b.run()
	return b
}

// Write takes lines. Whether they can be written is not known yet.
func (b *Batch) Write(lines []byte) (int, error) {
	if b.add(lines) {
		return len(lines), nil
	}
	<-b.stopped // what came before is written first
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.to.Write(lines)
}

// add has the lines written by and by, or is false after Close.
func (b *Batch) add(lines []byte) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.pending) > maxPending && !b.closed {
		b.room.Wait()
	}
	if b.closed {
		return false
	}
	b.pending = append(b.pending, lines...)
	b.some.Signal()
	return true
}

// Close returns when all lines are written. Those that come later are written at once.
func (b *Batch) Close() {
	b.mu.Lock()
	b.closed = true
	b.some.Signal()
	b.room.Broadcast()
	b.mu.Unlock()
	<-b.stopped
}

func (b *Batch) run() {
	defer close(b.stopped)
	var written []byte
	for b.await() {
		// Whoever is about to log joins the batch. Without this, a single processor goes from line to line.
		runtime.Gosched()
		written = b.take(written)
		_, _ = b.to.Write(written) // there is nowhere to say that it failed
	}
}

// await returns when lines wait, or false once there will be none.
func (b *Batch) await() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.pending) == 0 && !b.closed {
		b.some.Wait()
	}
	return len(b.pending) > 0
}

// take is all the lines that wait. Those that were written make room for the next ones.
func (b *Batch) take(written []byte) []byte {
	if cap(written) > maxKept {
		written = nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	lines := b.pending
	b.pending = written[:0]
	b.room.Broadcast()
	return lines
}
