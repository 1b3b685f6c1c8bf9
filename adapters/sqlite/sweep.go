package sqlite

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
)

const (
	// sweepInterval is how long a session that is over may go on taking room.
	sweepInterval = time.Minute
	// sweepBatch bounds how long a sweep keeps other writes waiting.
	sweepBatch = 500

	sweepSessions = `DELETE FROM sessions WHERE (user_id, id) IN
		(SELECT user_id, id FROM sessions WHERE kept_until <= ? LIMIT ?) RETURNING user_id, id`
)

// sweepEvery sweeps again and again. A sweep that fails is made up for by the next; what ails the engine, every caller
// hears.
func (db *DB) sweepEvery(interval time.Duration) (stop func()) {
	return ports.Every(interval, func(ctx context.Context) { _ = db.sweep(ctx) })
}

// sweep removes the sessions that are over. Each batch is a write of its own, so that others get their turn.
func (db *DB) sweep(ctx context.Context) error {
	for {
		n, err := db.deleteSessions(ctx, sweepSessions, db.now().UnixMilli(), sweepBatch)
		if err != nil || n < sweepBatch {
			return err
		}
	}
}
