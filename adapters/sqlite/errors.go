package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/latchkey-auth/latchkey/ports"
)

// Why Open refuses a file. A file that is refused is not touched.
var (
	// ErrNotADatabase: the file is something else than a SQLite database.
	ErrNotADatabase = errors.New("not a SQLite database")
	// ErrForeign: the file is a SQLite database, but another program's.
	ErrForeign = errors.New("not a database of Latchkey's")
	// ErrNewer: the database was written by a newer version of Latchkey.
	ErrNewer = errors.New("written by a newer version of Latchkey")
)

var errClosed = errors.New("the database is closed")

// coded is an error of SQLite's, as modernc.org/sqlite gives it.
type coded interface {
	error
	Code() int
}

var _ coded = (*sqlite.Error)(nil)

// code is the primary result code behind an error, SQLITE_OK where it is not SQLite's.
func code(err error) int { return extendedCode(err) & 0xff }

func extendedCode(err error) int {
	if e, ok := errors.AsType[coded](err); ok {
		return e.Code()
	}
	return sqlite3.SQLITE_OK
}

// translate makes ErrUnavailable of an engine that cannot answer, and ErrNotFound of no row. What else SQLite complains
// about (a constraint, a value too big, a faulty statement) would fail again, and stays the error that it is.
func translate(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ports.ErrNotFound
	}
	if errors.Is(err, sql.ErrConnDone) || errors.Is(err, driver.ErrBadConn) {
		return ports.Unavailable(err)
	}
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_INTERRUPT,
		sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM,
		sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ports.Unavailable(err)
	}
	return err
}

// violatesUnique reports whether a value that must be unique is taken.
func violatesUnique(err error) bool {
	switch extendedCode(err) {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return true
	}
	return false
}
