package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// sweepInterval is how long a session that is over may go on taking room, where the engine does not remove it itself.
const sweepInterval = time.Minute

// sweepEvery sweeps again and again until stop is called, which returns when the last sweep has ended.
func (s *Store) sweepEvery(interval time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				// A sweep that fails is made up for by the next; what ails the engine, every caller hears.
				_ = s.sweep(ctx)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-stopped }
}

// sweep removes the sessions that are over.
func (s *Store) sweep(ctx context.Context) error {
	return s.write(ctx, func() error {
		over := bson.D{{Key: "$lte", Value: bson.DateTime(s.now().UnixMilli())}}
		_, err := s.sessions.DeleteMany(ctx, bson.D{{Key: "keptUntil", Value: over}})
		return translate(ctx, err)
	})
}
