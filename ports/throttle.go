package ports

import (
	"context"
	"time"
)

// Throttle bounds how often something may be counted for a key within a stretch of time.
// Both methods are safe for concurrent use, and answer ErrUnavailable when the counts cannot be reached.
type Throttle interface {
	// Check is how long the key has to wait before it may try, zero when it may try now. It counts nothing.
	Check(ctx context.Context, key string) (wait time.Duration, err error)

	// Count counts one for the key, unless the key has to wait: whoever is refused is not counted, so trying in vain
	// makes nobody's wait longer. Wait is as for Check, before this one was counted: it is positive for everyone who
	// counts past the limit, so that of any number who try at once only so many as the limit allows get zero.
	Count(ctx context.Context, key string) (wait time.Duration, err error)
}
