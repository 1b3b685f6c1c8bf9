package sqlite

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

// TestSignInsLeaveNoGrowth signs people in and out, day after day: the file stays as large as one day made it.
func TestSignInsLeaveNoGrowth(t *testing.T) {
	const days, aDay, atOnce = 20, 1_000, 50
	clock := porttest.NewClock()
	clock.Set(birth)
	db := openAt(t, newPath(t), clock.Now)
	var afterTwoDays int
	for day := range days {
		var all sync.WaitGroup
		for i := range atOnce {
			all.Go(func() {
				for range aDay / atOnce {
					signInAndOut(t, db, fmt.Sprintf("person-%d", i), clock.Now())
				}
			})
		}
		all.Wait()
		clock.Advance(25 * time.Hour)
		check(t, db.sweep(t.Context()))
		if left := count(t, db, "sessions"); left != 0 {
			t.Fatalf("day %d: %d sessions are left", day, left)
		}
		switch size := pageCount(t, db); {
		case day <= 1:
			afterTwoDays = size
		case size > afterTwoDays*11/10:
			t.Fatalf("day %d: the file has %d pages, after two days it had %d", day, size, afterTwoDays)
		}
	}
}

func signInAndOut(t *testing.T, db *DB, person string, now time.Time) {
	s := newSession(domain.User{ID: domain.UserID(person)})
	s.CreatedAt, s.ExpiresAt = now, now.Add(time.Hour)
	if err := db.Sessions().Create(t.Context(), s); err != nil {
		t.Error(err)
	}
	if err := db.Sessions().Update(t.Context(), s.End(domain.EndSignedOut, now)); err != nil {
		t.Error(err)
	}
}

// pageCount is how large the database is.
func pageCount(t *testing.T, db *DB) (n int) {
	t.Helper()
	check(t, db.readers.do(t.Context(), func(c *conn) error { return c.row(`PRAGMA page_count`).Scan(&n) }))
	return n
}
