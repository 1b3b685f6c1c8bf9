package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
)

// makeDatabase makes a database by the statements given, in the write-ahead log and closed.
func makeDatabase(t *testing.T, path string, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	check(t, err)
	_, err = db.Exec(statements)
	check(t, errors.Join(err, db.Close()))
}

func TestRefusedFilesAreNotTouched(t *testing.T) {
	database := func(statements string) func(*testing.T, string) {
		return func(t *testing.T, path string) { makeDatabase(t, path, statements) }
	}
	content := func(b []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) { check(t, os.WriteFile(path, b, 0o644)) }
	}
	for name, test := range map[string]struct {
		make func(*testing.T, string)
		want error
	}{
		"text":     {content([]byte("PORT=8000\n")), ErrNotADatabase},
		"zeros":    {content(make([]byte, 8192)), ErrNotADatabase},
		"headless": {content([]byte("SQLite format 3\x00")), ErrNotADatabase},
		"another's": {
			database(`CREATE TABLE users (name); INSERT INTO users VALUES ('ada')`), ErrForeign,
		},
		"another's with a log": {
			database(`PRAGMA journal_mode = WAL; PRAGMA user_version = 1; CREATE TABLE users (name)`), ErrForeign,
		},
		"another's, still empty": {database(`PRAGMA journal_mode = WAL`), ErrForeign},
		"another's by its mark":  {database(`PRAGMA application_id = 42; PRAGMA user_version = 1`), ErrForeign},
		"no version": {
			database(`PRAGMA application_id = 1282106745; PRAGMA user_version = -1`), ErrForeign,
		},
		"newer": {
			database(`PRAGMA journal_mode = WAL; PRAGMA application_id = 1282106745; PRAGMA user_version = 1000`), ErrNewer,
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.db")
			test.make(t, path)
			before, err := os.ReadFile(path)
			check(t, err)

			_, err = Open(t.Context(), path, atBirth)
			wants(t, err, test.want)
			after, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(before, after) {
				t.Errorf("the file was changed (%v)", err)
			}
			onlyFileIn(t, filepath.Dir(path))
		})
	}
}

func onlyFileIn(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	check(t, err)
	if len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestFolderIsRefused(t *testing.T) {
	_, err := Open(t.Context(), t.TempDir(), atBirth)
	wants(t, err, ErrNotADatabase)
}

// A program that is stopped between making the file and filling it starts again.
func TestEmptyFileIsNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	check(t, os.WriteFile(path, nil, 0o600))
	check(t, openAt(t, path, atBirth).Ping(t.Context()))
}

func TestOpenedAtOnce(t *testing.T) {
	path := newPath(t)
	var opening sync.WaitGroup
	for range 8 {
		opening.Go(func() {
			db, err := Open(t.Context(), path, atBirth)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { check(t, db.Close()) })
		})
	}
	opening.Wait()
}

// Whoever opens a new file waits for another process that does so too, but not for ever.
func TestLogWaitsForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "latchkey.db")
		makeDatabase(t, path, `CREATE TABLE a (x)`)
		c, err := connect(t.Context(), path, readWrite)
		check(t, err)
		defer func() { check(t, c.close()) }()
		other, err := connect(t.Context(), path, readWrite)
		check(t, err)
		defer func() { check(t, other.close()) }()

		_, err = other.exec(`BEGIN IMMEDIATE`)
		check(t, err)
		if useLog(t.Context(), c.sql) == nil {
			t.Error("the log was turned on while another process wrote")
		}
		opened := make(chan error, 1)
		go func() { opened <- useLog(t.Context(), c.sql) }()
		synctest.Wait()
		_, err = other.exec(`COMMIT`)
		check(t, err)
		check(t, <-opened)
	})
}

func migrateAt(t *testing.T, path string, steps ...string) error {
	t.Helper()
	c, err := connect(t.Context(), path, readWrite)
	check(t, err)
	defer func() { check(t, c.close()) }()
	return migrate(t.Context(), c.sql, steps)
}

func TestMigratesStepByStep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	check(t, create(path))
	first := `CREATE TABLE a (x); CREATE TABLE b (y)`
	check(t, migrateAt(t, path, first))
	check(t, migrateAt(t, path, first, `INSERT INTO a VALUES (1)`))
	check(t, migrateAt(t, path, first, `INSERT INTO a VALUES (1)`))
	c, err := connect(t.Context(), path, untouched)
	check(t, err)
	defer func() { check(t, c.close()) }()
	var rows int
	check(t, c.row(`SELECT count(*) FROM a`).Scan(&rows))
	m, err := markOf(t.Context(), c.sql)
	if err != nil || rows != 1 || m != (mark{applicationID, 2}) {
		t.Errorf("%d rows, %+v, %v: want each step to run once", rows, m, err)
	}
	wants(t, migrateAt(t, path, first), ErrNewer)
}

// A newer version that still runs is noticed in the file itself, without reading its log.
func TestMigrationLeavesTheLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	check(t, create(path))
	check(t, migrateAt(t, path, `CREATE TABLE a (x)`))
	c, err := connect(t.Context(), path, readWrite)
	check(t, err)
	defer func() { check(t, c.close()) }()
	check(t, migrate(t.Context(), c.sql, []string{`CREATE TABLE a (x)`, `CREATE TABLE b (x)`}))
	wants(t, inspect(t.Context(), path, 1), ErrNewer)
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	check(t, create(path))
	check(t, migrateAt(t, path, `CREATE TABLE a (x)`))
	before, err := os.ReadFile(path)
	check(t, err)
	if err := migrateAt(t, path, `CREATE TABLE a (x)`, `CREATE TABLE b (x)`, `CREATE TABLE b (x)`); err == nil {
		t.Error("no error")
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed (%v)", err)
	}
}

func TestOpenHonoursItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Open(ctx, newPath(t), atBirth)
	wants(t, err, context.Canceled)
}
