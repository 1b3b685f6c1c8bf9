package sqlite

import (
	"context"
	"database/sql/driver"
	"testing"
)

// beside is a statement with something that happens right before, or right after it.
type beside struct {
	statement
	before, after func()
}

func (s beside) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.before()
	defer s.after()
	return s.statement.QueryContext(ctx, args)
}

// What another process commits while the cache is told of a commit of this one is seen, whether SQLite has counted it
// by then or not.
func TestCommitOfAnotherProcessWhileTheCacheIsTold(t *testing.T) {
	bothWays(t, func(t *testing.T, way func(*DB)) {
		path := newPath(t)
		db, user, session := stored(t, path, atBirth)
		way(db)
		other := openAt(t, path, atBirth)
		commit := func() {
			user.Fullname += "!"
			if err := other.Users().Update(t.Context(), user); err != nil {
				t.Error(err)
			}
			user.Version++
		}
		asked := db.writer.conn.version
		for _, s := range []beside{{asked, commit, func() {}}, {asked, func() {}, commit}} {
			db.writer.conn.version = asked
			check(t, db.Ping(t.Context())) // forgets, as another process has written
			shows(t, db, user, session)
			db.writer.conn.version = s
			check(t, db.Ping(t.Context()))
			shows(t, db, user, session)
		}
	})
}
