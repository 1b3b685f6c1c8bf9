package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// conn is one connection, for one goroutine at a time. It prepares each statement once.
//
// Statements take no context: none waits on anything but the disk, which cannot be interrupted, or, in the writer,
// serves more callers than one. Whoever waits for a connection or for the writer stops when their context ends.
type conn struct {
	pool     *sql.DB // of this connection alone
	sql      *sql.Conn
	prepared map[string]*sql.Stmt
	version  statement // nil until it is needed
}

// Parameters of connections. FULL makes each commit reach the disk before it is answered. The timeout is for another
// process (the command line, say) that holds the file.
const (
	readWrite = "mode=rw&_synchronous=FULL&_busy_timeout=5000"
	readOnly  = "mode=ro&_busy_timeout=5000"
	// untouched reads the file itself as it stands: no lock, no log, no shared memory.
	untouched = "mode=ro&immutable=1"
)

func connect(ctx context.Context, path, parameters string) (*conn, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	uri := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: parameters}
	pool, err := sql.Open("sqlite", uri.String())
	if err != nil {
		return nil, err
	}
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &conn{pool: pool, sql: c, prepared: map[string]*sql.Stmt{}}, nil
}

// close closes the statements too: SQLite keeps a connection, and the log with it, until the last of them is gone.
func (c *conn) close() error {
	var errs []error
	if c.version != nil {
		errs = append(errs, c.version.Close())
	}
	for _, stmt := range c.prepared {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, c.sql.Close(), c.pool.Close())...)
}

func (c *conn) statement(query string) (*sql.Stmt, error) {
	if stmt, ok := c.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := c.sql.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	c.prepared[query] = stmt
	return stmt, nil
}

// exec runs a statement and answers how many rows it changed.
func (c *conn) exec(query string, args ...any) (int64, error) {
	stmt, err := c.statement(query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.Exec(args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row is one row of a result.
type row interface{ Scan(dest ...any) error }

// noRow is the row of a query that failed.
type noRow struct{ error }

func (r noRow) Scan(...any) error { return r.error }

// row is the only row of the result; scanning it is sql.ErrNoRows where there is none. It must be scanned.
func (c *conn) row(query string, args ...any) row {
	stmt, err := c.statement(query)
	if err != nil {
		return noRow{err}
	}
	return stmt.QueryRow(args...)
}

// each hands every row of the result to scan.
func (c *conn) each(scan func(row) error, query string, args ...any) error {
	stmt, err := c.statement(query)
	if err != nil {
		return err
	}
	rows, err := stmt.Query(args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
