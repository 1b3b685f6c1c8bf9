package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// applicationID marks a database as Latchkey's own: "Lkey".
const applicationID = 0x4c6b6579

//go:embed migrations/*.sql
var embedded embed.FS

// migrations are the scripts that build the schema, in the order of their names.
// The number of those that have run is the schema's version.
func migrations(folder fs.FS) ([]string, error) {
	names, err := fs.Glob(folder, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var steps []string
	for _, name := range names {
		step, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		steps = append(steps, string(step))
	}
	return steps, nil
}

// create makes an empty file, and the folder that it is in, unless they exist. Only their owner can read them.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// inspect says why the file cannot be served, without touching it. The file itself tells, whatever its log holds:
// a new database gets its mark before it gets a log, and migrations are moved out of the log as soon as they have run.
func inspect(ctx context.Context, path string, latest int) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return ErrNotADatabase
	case info.Size() == 0:
		return nil // a new one
	}
	c, err := connect(ctx, path, untouched)
	if err != nil {
		return err
	}
	defer func() { _ = c.close() }()
	m, err := markOf(ctx, c.sql)
	if code(err) == sqlite3.SQLITE_NOTADB {
		return ErrNotADatabase
	}
	if err != nil {
		return err
	}
	return m.refusal(latest)
}

// mark is what a database says of itself in its header; that of an empty one is zero.
type mark struct{ application, version int }

func markOf(ctx context.Context, c *sql.Conn) (m mark, err error) {
	const query = `SELECT application_id, user_version FROM pragma_application_id, pragma_user_version`
	err = c.QueryRowContext(ctx, query).Scan(&m.application, &m.version)
	return m, err
}

func (m mark) refusal(latest int) error {
	switch {
	case m.application != applicationID || m.version < 1:
		return ErrForeign
	case m.version > latest:
		return ErrNewer
	}
	return nil
}

// migrate brings the schema up to date, wholly or not at all, and turns the write-ahead log on.
func migrate(ctx context.Context, c *sql.Conn, steps []string) error {
	migrated, err := upgrade(ctx, c, steps)
	if err != nil {
		return err
	}
	if err := useLog(ctx, c); err != nil || !migrated {
		return err
	}
	_, err = c.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`) // see inspect
	return err
}

// upgrade runs the steps that have not run yet, in one transaction, and reports whether there were any. When it fails,
// the connection is to be closed, which undoes what was done.
func upgrade(ctx context.Context, c *sql.Conn, steps []string) (migrated bool, err error) {
	if _, err := c.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return false, err
	}
	// Read again: another process may have been here since the file was inspected.
	m, err := markOf(ctx, c)
	if err != nil {
		return false, err
	}
	if m != (mark{}) {
		if err := m.refusal(len(steps)); err != nil {
			return false, err
		}
	}
	pending := steps[m.version:]
	for i, step := range pending {
		if _, err := c.ExecContext(ctx, step); err != nil {
			return false, fmt.Errorf("migration %d: %w", m.version+i+1, err)
		}
	}
	if len(pending) > 0 {
		stamp := fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, applicationID, len(steps))
		if _, err := c.ExecContext(ctx, stamp); err != nil {
			return false, err
		}
	}
	_, err = c.ExecContext(ctx, `COMMIT`)
	return len(pending) > 0, err
}

// useLog turns the write-ahead log on, which it stays. SQLite does not wait here for another process that is opening
// the new file too, so this does.
func useLog(ctx context.Context, c *sql.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for {
		var mode string
		err := c.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode)
		switch {
		case err == nil && mode != "wal":
			return errors.New("the file system cannot hold a write-ahead log")
		case code(err) != sqlite3.SQLITE_BUSY:
			return err
		}
		time.Sleep(10 * time.Millisecond) // once ctx has ended, the next attempt says so
	}
}
