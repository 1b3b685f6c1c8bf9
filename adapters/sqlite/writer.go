package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/latchkey-auth/latchkey/ports"
)

// write is a change that waits for its turn.
type write struct {
	ctx    context.Context
	change func(*conn) error
	tell   func(*cache) // of the change, once it is committed
	err    error
	done   chan error
}

// writer makes all changes, one after the other. Those that have come while it was busy are committed together, so that
// they reach the disk at the price of one; each is answered only then.
type writer struct {
	conn  *conn
	cache *cache

	mu      sync.Mutex
	woken   *sync.Cond
	waiting []*write
	closed  bool
	stopped chan struct{}
}

func newWriter(c *conn, k *cache) *writer {
	w := &writer{conn: c, cache: k, stopped: make(chan struct{})}
	w.woken = sync.NewCond(&w.mu)
	go w.run()
	return w
}

// do makes a change, wholly if it returns nil and not at all otherwise. A change whose context ends before its turn is
// never made; one whose context ends later may be, though its caller has gone. A change of users or sessions has to tell
// the cache of it.
func (w *writer) do(ctx context.Context, change func(*conn) error, tell func(*cache)) error {
	each := &write{ctx: ctx, change: change, tell: tell, done: make(chan error, 1)}
	if err := w.enqueue(each); err != nil {
		return err
	}
	select {
	case err := <-each.done:
		return err
	case <-ctx.Done():
		return ports.Unavailable(ctx.Err())
	}
}

func (w *writer) enqueue(each *write) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return ports.Unavailable(errClosed)
	}
	w.waiting = append(w.waiting, each)
	w.woken.Signal()
	return nil
}

// close takes no more changes, and returns when those that wait have been made.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.woken.Signal()
	w.mu.Unlock()
	<-w.stopped
	return w.conn.close()
}

func (w *writer) run() {
	defer close(w.stopped)
	for w.await() {
		// Whoever is about to write joins the group. Without this, a single processor goes from commit to commit,
		// each with the few writes that came before it.
		runtime.Gosched()
		group := w.take()
		w.cache.beforeCommit()
		err := w.commit(group)
		w.cache.afterCommit(w.conn, told(group, err))
		for _, each := range group {
			if err != nil {
				each.err = err
			}
			each.done <- each.err
		}
	}
}

// told tells the cache of what was committed, in that order. It is nil where it is not known.
func told(group []*write, failed error) func(*cache) {
	if failed != nil {
		return nil
	}
	return func(k *cache) {
		for _, each := range group {
			if each.err == nil {
				each.tell(k)
			}
		}
	}
}

// await returns when a write waits, or false once there will be none.
func (w *writer) await() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.waiting) == 0 && !w.closed {
		w.woken.Wait()
	}
	return len(w.waiting) > 0
}

// take is everything that waits.
func (w *writer) take() []*write {
	w.mu.Lock()
	defer w.mu.Unlock()
	group := w.waiting
	w.waiting = nil
	return group
}

// commit makes the changes of a group in one transaction. Its error is everybody's.
func (w *writer) commit(group []*write) error {
	err := w.transact(group)
	if err == nil {
		return nil
	}
	_, _ = w.conn.exec(`ROLLBACK`) // fails where SQLite has done so itself
	return ports.Unavailable(fmt.Errorf("commit: %w", err))
}

func (w *writer) transact(group []*write) error {
	if _, err := w.conn.exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	for _, each := range group {
		if err := w.attempt(each); err != nil {
			return err
		}
	}
	_, err := w.conn.exec(`COMMIT`)
	return err
}

// attempt makes one change, or undoes what it did of it, so that one that fails touches no other. It returns an error
// when the transaction itself is lost, as after a full disk.
func (w *writer) attempt(each *write) error {
	if each.err = each.ctx.Err(); each.err != nil {
		each.err = ports.Unavailable(each.err)
		return nil
	}
	if _, err := w.conn.exec(`SAVEPOINT change`); err != nil {
		return err
	}
	if each.err = translate(each.change(w.conn)); each.err != nil {
		if _, err := w.conn.exec(`ROLLBACK TO change`); err != nil {
			return errors.Join(each.err, err)
		}
	}
	_, err := w.conn.exec(`RELEASE change`)
	return err
}
