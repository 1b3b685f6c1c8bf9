package sqlite

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestSweepRemovesWhatIsOver(t *testing.T) {
	clock := porttest.NewClock()
	clock.Set(birth)
	db := openAt(t, newPath(t), clock.Now)
	user := newUser("ada")
	const over = 2*sweepBatch + 1
	for range over {
		check(t, db.Sessions().Create(t.Context(), newSession(user)))
	}
	longer := newSession(user)
	longer.ExpiresAt = longer.ExpiresAt.Add(time.Millisecond)
	check(t, db.Sessions().Create(t.Context(), longer))

	clock.Set(longer.ExpiresAt.Add(-2 * time.Millisecond))
	check(t, db.sweep(t.Context()))
	if got := count(t, db, "sessions"); got != over+1 {
		t.Errorf("%d rows before anything is over, want %d", got, over+1)
	}
	clock.Advance(time.Millisecond)
	check(t, db.sweep(t.Context()))
	if got := count(t, db, "sessions"); got != 1 {
		t.Errorf("%d rows, want 1", got)
	}
}

func TestSweepsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := openAt(t, newPath(t), time.Now)
		check(t, db.Sessions().Create(t.Context(), newSession(newUser("ada")))) // long over by this clock, or not begun
		session := newSession(newUser("bob"))
		session.ExpiresAt = time.Now().Add(sweepInterval)
		check(t, db.Sessions().Create(t.Context(), session))
		time.Sleep(sweepInterval)
		synctest.Wait()
		if got := count(t, db, "sessions"); got != 1 {
			t.Errorf("%d rows, want 1", got)
		}
	})
}

func TestSweepUsesTheIndex(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	var plan string
	check(t, db.readers.do(t.Context(), func(c *conn) error {
		return c.each(func(r row) error {
			var id, parent, unused int
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			plan += detail + "\n"
			return err
		}, `EXPLAIN QUERY PLAN SELECT user_id, id FROM sessions WHERE kept_until <= ? LIMIT ?`, 0, 1)
	}))
	if want := "SEARCH sessions USING COVERING INDEX sessions_kept_until (kept_until<?)\n"; plan != want {
		t.Errorf("plan: %s", plan)
	}
}
