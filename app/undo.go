package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

const (
	// undoTimeout bounds what goes on when the client has left.
	undoTimeout = 5 * time.Second
	// patience is how long an answer waits for what is cleared up: long enough for it to be done where the stores answer,
	// so that whoever repeats a request finds nothing of the last one; not for a store that hangs.
	patience = 100 * time.Millisecond
)

// undoing is a context for clearing up after a failure: the client's going away, which may be that failure, does not end it.
func undoing(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), undoTimeout)
}

// cleanups are what is cleared up beside the answers.
type cleanups struct{ running sync.WaitGroup }

// run clears up, and returns when that is done or takes too long to be waited for.
func (c *cleanups) run(ctx context.Context, clearUp func(context.Context)) {
	done := make(chan struct{})
	c.running.Go(func() {
		defer close(done)
		ctx, cancel := undoing(ctx)
		defer cancel()
		clearUp(ctx)
	})
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-done:
	case <-late.C:
	}
}

// refused reports whether a store has said that it did not write. Any other failure leaves open whether it did.
func refused(err error) bool {
	e, ok := errors.AsType[*domain.Error](err)
	return ok && e.Code != domain.CodeUnavailable
}
