package sqlite

import (
	"errors"
	"fmt"
	"testing"

	"github.com/latchkey-auth/latchkey/ports"
)

func TestFullDiskIsUnavailable(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	run(t, db, `PRAGMA max_page_count = 1`) // raised by SQLite to what there is
	stored := 0
	var err error
	for err == nil {
		if err = db.Users().Create(t.Context(), newUser(fmt.Sprint(stored))); err == nil {
			stored++
		}
	}
	wants(t, err, ports.ErrUnavailable)
	run(t, db, `PRAGMA max_page_count = 1000000`)
	check(t, db.Users().Create(t.Context(), newUser("more room")))
	if got := count(t, db, "users"); got != stored+1 {
		t.Errorf("%d users, want %d", got, stored+1)
	}
	intact(t, db)
}

func TestLockedFileIsUnavailable(t *testing.T) {
	path := newPath(t)
	one, other := openAt(t, path, atBirth), openAt(t, path, atBirth)
	run(t, other, `PRAGMA busy_timeout = 0`)
	release := hold(t, one)
	wants(t, other.Users().Create(t.Context(), newUser("ada")), ports.ErrUnavailable)
	_, err := other.Users().ByID(t.Context(), "x")
	wants(t, err, ports.ErrNotFound) // reading goes on
	release()
	check(t, other.Users().Create(t.Context(), newUser("ada")))
}

// What would fail again is no outage.
func TestViolationIsNotUnavailable(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	session := newSession(newUser("ada"))
	check(t, db.Sessions().Create(t.Context(), session))
	if err := db.Sessions().Create(t.Context(), session); !violatesUnique(err) || errors.Is(err, ports.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}
