package mongo

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

// TestSignInsLeaveNoGrowth signs people in and out, day after day: the database stays as large as the first days made it.
func TestSignInsLeaveNoGrowth(t *testing.T) {
	const days, aDay, atOnce = 25, 40, 4
	clock := porttest.NewClock()
	s := connectTo(t, engines.Mongo(t), clock.Now)
	var afterTwoDays int64
	for day := range days {
		var all sync.WaitGroup
		for i := range atOnce {
			all.Go(func() {
				for n := range aDay / atOnce {
					signInAndOut(t, s.Sessions(), fmt.Sprint("person-", i), fmt.Sprint(day, "-", i, "-", n), clock.Now())
				}
			})
		}
		all.Wait()
		clock.Advance(25 * time.Hour)
		check(t, s.sweep(t.Context()))
		if left := left(t, s); left != 0 {
			t.Fatalf("day %d: %d sessions are left", day, left)
		}
		switch size := size(t, s); {
		case day <= 1:
			afterTwoDays = size
		case size > 2*afterTwoDays:
			t.Fatalf("day %d: the database takes %d bytes, after two days it took %d", day, size, afterTwoDays)
		}
	}
}

func signInAndOut(t *testing.T, r *Sessions, person, id string, now time.Time) {
	s := domain.Session{ID: domain.SessionID(id), UserID: domain.UserID(person), CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	if err := r.Create(t.Context(), s); err != nil {
		t.Error(err)
	}
	s.Version = 1
	if err := r.Update(t.Context(), s.End(domain.EndSignedOut, now)); err != nil {
		t.Error(err)
	}
}

// size is how many bytes the engine takes for what the database holds, and for what it held.
func size(t *testing.T, s *Store) int64 {
	t.Helper()
	stats, err := s.sessions.Database().RunCommand(t.Context(), bson.D{{Key: "dbStats", Value: 1}}).Raw()
	check(t, err)
	return stats.Lookup("totalSize").AsInt64()
}
