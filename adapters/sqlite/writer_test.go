package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"modernc.org/sqlite"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// hold keeps the writer busy until release is called, so that what is written meanwhile forms one group.
func hold(t *testing.T, db *DB) (release func()) {
	t.Helper()
	begun, released := make(chan struct{}), make(chan struct{})
	var held sync.WaitGroup
	held.Go(func() {
		err := db.writer.do(context.Background(), func(*conn) error {
			close(begun)
			<-released
			return nil
		}, nothing)
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	return func() { close(released); held.Wait() }
}

// queue starts a write and returns when it waits for its turn.
func queue(ctx context.Context, db *DB, change func(*conn) error) (answer func() error) {
	db.writer.mu.Lock()
	before := len(db.writer.waiting)
	db.writer.mu.Unlock()
	done := make(chan error, 1)
	go func() { done <- db.writer.do(ctx, change, nothing) }()
	for waits := before; waits == before; {
		db.writer.mu.Lock()
		waits = len(db.writer.waiting)
		db.writer.mu.Unlock()
	}
	return func() error { return <-done }
}

func insert(u domain.User) func(*conn) error {
	return func(c *conn) error {
		_, err := c.exec(`INSERT INTO users (`+userColumns+`) VALUES (?, ?, NULL, '', '', '', '', 0, 0, 0, '', 1)`,
			u.ID, u.Email.String())
		return err
	}
}

// onCommit calls hook at each commit; if it returns another value than 0, the commit fails.
func onCommit(t testing.TB, db *DB, hook func() int32) {
	t.Helper()
	check(t, db.writer.do(context.Background(), func(c *conn) error {
		return c.sql.Raw(func(driver any) error {
			driver.(sqlite.HookRegisterer).RegisterCommitHook(hook)
			return nil
		})
	}, nothing))
}

func TestWaitingWritesShareACommit(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	commits := 0
	onCommit(t, db, func() int32 { commits++; return 0 })
	release := hold(t, db)
	commits = 0
	var answers []func() error
	for i := range 100 {
		answers = append(answers, queue(t.Context(), db, insert(newUser(fmt.Sprint(i)))))
	}
	release()
	for _, answer := range answers {
		check(t, answer())
	}
	if got := count(t, db, "users"); got != 100 || commits != 2 {
		t.Errorf("%d users in %d commits, want 100 in one, after that of the write that held the writer", got, commits-1)
	}
}

// A write that fails is undone, whatever it had done, and the others of its group go on.
func TestFailingWriteTouchesNoOther(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	taken := newUser("taken")
	release := hold(t, db)
	first := queue(t.Context(), db, insert(taken))
	broken := queue(t.Context(), db, func(c *conn) error {
		if err := insert(newUser("half-done"))(c); err != nil {
			return err
		}
		return insert(taken)(c)
	})
	last := queue(t.Context(), db, insert(newUser("last")))
	release()
	check(t, errors.Join(first(), last()))
	if err := broken(); !violatesUnique(err) {
		t.Errorf("got %v, want the violated constraint", err)
	}
	if got := count(t, db, "users"); got != 2 {
		t.Errorf("%d users, want 2", got)
	}
}

// A write that takes the transaction down with it (as SQLite does when the disk is full) fails its whole group, and
// nothing of the group is stored; the next one succeeds.
func TestLostTransactionFailsTheGroup(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	release := hold(t, db)
	first := queue(t.Context(), db, insert(newUser("first")))
	errFull := errors.New("the disk is full")
	fatal := queue(t.Context(), db, func(c *conn) error {
		_, err := c.exec(`ROLLBACK`)
		return errors.Join(err, errFull)
	})
	last := queue(t.Context(), db, insert(newUser("last")))
	release()
	for _, answer := range []func() error{first, fatal, last} {
		err := answer()
		wants(t, err, ports.ErrUnavailable)
		wants(t, err, errFull)
	}
	if got := count(t, db, "users"); got != 0 {
		t.Errorf("%d users, want none", got)
	}
	check(t, db.writer.do(t.Context(), insert(newUser("next")), nothing))
}

// A commit that fails, as it does here for a constraint that is checked last, stores nothing of the group.
func TestFailedCommitFailsTheGroup(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	_, err := db.writer.conn.sql.ExecContext(t.Context(), `PRAGMA foreign_keys = ON; CREATE TABLE parents (id PRIMARY KEY);
		CREATE TABLE children (parent REFERENCES parents DEFERRABLE INITIALLY DEFERRED)`)
	check(t, err)
	release := hold(t, db)
	first := queue(t.Context(), db, insert(newUser("first")))
	orphan := queue(t.Context(), db, func(c *conn) error {
		_, err := c.exec(`INSERT INTO children VALUES (1)`)
		return err
	})
	release()
	wants(t, first(), ports.ErrUnavailable)
	wants(t, orphan(), ports.ErrUnavailable)
	if got := count(t, db, "users"); got != 0 {
		t.Errorf("%d users, want none", got)
	}
	check(t, db.writer.do(t.Context(), insert(newUser("next")), nothing))
}

// A caller whose context ends while others write leaves at once, and the write is never made.
func TestWriteWhoseContextEndedIsNotMade(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	release := hold(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	left := queue(ctx, db, insert(newUser("left")))
	stayed := queue(t.Context(), db, insert(newUser("stayed")))
	cancel()
	err := left() // the writer is still held
	wants(t, err, ports.ErrUnavailable)
	wants(t, err, context.Canceled)
	release()
	check(t, stayed())
	if got := count(t, db, "users"); got != 1 {
		t.Errorf("%d users, want 1", got)
	}
}

func TestReadWaitsNoLongerThanItsContext(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	for range cap(db.readers.idle) {
		c := <-db.readers.idle
		defer func() { db.readers.idle <- c }()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := db.Users().ByID(ctx, "x")
	wants(t, err, ports.ErrUnavailable)
	wants(t, err, context.DeadlineExceeded)
}

// Two processes share a file: each sees the other's writes at once, and a compare-and-swap has one winner.
func TestTwoProcesses(t *testing.T) {
	path := newPath(t)
	one, other := openAt(t, path, atBirth), openAt(t, path, atBirth)
	user := newUser("ada")
	check(t, one.Users().Create(t.Context(), user))
	var running sync.WaitGroup
	for _, db := range []*DB{one, other, one, other} {
		running.Go(func() {
			for range 25 {
				for err := ports.ErrStale; err != nil; {
					u, readErr := db.Users().ByID(t.Context(), user.ID)
					u.CredentialsVersion++
					if err = errors.Join(readErr, db.Users().Update(t.Context(), u)); err != nil && !errors.Is(err, ports.ErrStale) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	running.Wait()
	for _, db := range []*DB{one, other} {
		if u, err := db.Users().ByID(t.Context(), user.ID); err != nil || u.CredentialsVersion != 100 {
			t.Errorf("counted %d, %v, want 100", u.CredentialsVersion, err)
		}
	}
	intact(t, one)
}
