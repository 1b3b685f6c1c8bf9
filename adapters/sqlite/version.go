package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
)

// dataVersion is what SQLite counts for the connection: the states of the database that others have left behind.
// It is asked for at each read or commit, and so past database/sql, which would take more time for it than SQLite.
func (c *conn) dataVersion() (version int64, err error) {
	err = c.sql.Raw(func(raw any) error {
		if err := c.prepareVersion(raw); err != nil {
			return err
		}
		rows, err := c.version.QueryContext(context.Background(), nil)
		if err != nil {
			return err
		}
		var columns [1]driver.Value
		err = rows.Next(columns[:])
		version, _ = columns[0].(int64)
		return errors.Join(err, rows.Close())
	})
	return version, err
}

func (c *conn) prepareVersion(raw any) error {
	if c.version != nil {
		return nil
	}
	stmt, err := raw.(driver.ConnPrepareContext).PrepareContext(context.Background(), `PRAGMA data_version`)
	if err != nil {
		return err
	}
	c.version = stmt.(statement)
	return nil
}

// statement is a statement of the driver's.
type statement interface {
	driver.Stmt
	driver.StmtQueryContext
}
