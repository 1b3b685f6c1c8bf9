// Package memory keeps users and sessions in this process, for tests and trials. Nothing survives a restart.
package memory

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
)

// ended is the answer to a caller who has stopped waiting, nil while they have not.
func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return ports.Unavailable(err)
	}
	return nil
}

// stored is a time as stores keep it: in UTC, to the millisecond.
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
