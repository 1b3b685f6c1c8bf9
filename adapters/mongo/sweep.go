package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/ports"
)

// sweepInterval is how long a session that is over may go on taking room, where the engine does not remove it itself.
const sweepInterval = time.Minute

// sweepEvery sweeps again and again. A sweep that fails is made up for by the next; what ails the engine, every caller
// hears.
func (s *Store) sweepEvery(interval time.Duration) (stop func()) {
	return ports.Every(interval, func(ctx context.Context) { _ = s.sweep(ctx) })
}

// sweep removes the sessions that are over.
func (s *Store) sweep(ctx context.Context) error {
	return s.write(ctx, func() error {
		over := bson.D{{Key: "$lte", Value: bson.DateTime(s.now().UnixMilli())}}
		_, err := s.sessions.DeleteMany(ctx, bson.D{{Key: "keptUntil", Value: over}})
		return translate(ctx, err)
	})
}
