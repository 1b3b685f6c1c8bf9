package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// undoTimeout bounds what goes on when the client has left.
const undoTimeout = 5 * time.Second

// undoing is a context for clearing up after a failure: the client's going away, which may be that failure, does not end it.
func undoing(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), undoTimeout)
}

// refused reports whether a store has said that it did not write. Any other failure leaves open whether it did.
func refused(err error) bool {
	e, ok := errors.AsType[*domain.Error](err)
	return ok && e.Code != domain.CodeUnavailable
}
