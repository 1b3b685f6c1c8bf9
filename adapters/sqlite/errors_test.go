package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/latchkey-auth/latchkey/domain"
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

// A complaint that is not about what is unique is no reason to tell anybody that their name is taken.
func TestViolationIsNotUnavailable(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	run(t, db, `CREATE TRIGGER no_users BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'no'); END`)
	err := db.Users().Create(t.Context(), newUser("ada"))
	if code(err) != sqlite3.SQLITE_CONSTRAINT || errors.Is(err, ports.ErrUnavailable) || errors.Is(err, domain.UserExists()) {
		t.Errorf("got %v", err)
	}
}

type codeOf int

func (c codeOf) Error() string { return fmt.Sprint("code ", int(c)) }
func (c codeOf) Code() int     { return int(c) }

func TestTranslate(t *testing.T) {
	for err, unavailable := range map[error]bool{
		codeOf(sqlite3.SQLITE_BUSY): true, codeOf(sqlite3.SQLITE_BUSY_RECOVERY): true,
		codeOf(sqlite3.SQLITE_FULL): true, codeOf(sqlite3.SQLITE_IOERR_WRITE): true,
		codeOf(sqlite3.SQLITE_CANTOPEN): true, codeOf(sqlite3.SQLITE_NOMEM): true,
		codeOf(sqlite3.SQLITE_CORRUPT): true, codeOf(sqlite3.SQLITE_READONLY_DBMOVED): true,
		sql.ErrConnDone: true, driver.ErrBadConn: true,
		codeOf(sqlite3.SQLITE_CONSTRAINT_NOTNULL): false, codeOf(sqlite3.SQLITE_TOOBIG): false,
		codeOf(sqlite3.SQLITE_ERROR): false, ports.ErrStale: false,
	} {
		got := translate(fmt.Errorf("wrapped: %w", err))
		if errors.Is(got, ports.ErrUnavailable) != unavailable || !errors.Is(got, err) {
			t.Errorf("%v: got %v", err, got)
		}
	}
	wants(t, translate(sql.ErrNoRows), ports.ErrNotFound)
}
