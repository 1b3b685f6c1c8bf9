package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestUsers(t *testing.T) {
	porttest.TestUserRepository(t, func(t *testing.T) ports.UserRepository {
		return openAt(t, newPath(t), time.Now).Users()
	})
}

func TestSessions(t *testing.T) {
	porttest.TestTokenStore(t, func(t *testing.T, now func() time.Time) ports.TokenStore {
		return openAt(t, newPath(t), now).Sessions()
	})
}

func TestCallers(t *testing.T) {
	porttest.TestCallers(t, func(t *testing.T, now func() time.Time) porttest.CallerStores {
		db := openAt(t, newPath(t), now)
		return porttest.CallerStores{Users: db.Users(), Sessions: db.Sessions(), Callers: db}
	})
}

// birth is when the users and sessions of these tests were made.
var birth = time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)

func atBirth() time.Time { return birth }

func newUser(name string) domain.User {
	return domain.User{
		ID: domain.NewUserID(birth), Email: domain.RestoreEmail(name + "@example.org"),
		Username: domain.RestoreUsername(name), Fullname: name, PasswordHash: domain.NewSecret("hash of " + name),
		CreatedAt: birth, UpdatedAt: birth, Version: 1,
	}
}

func newSession(u domain.User) domain.Session {
	policy := domain.SessionPolicy{RefreshTTL: time.Hour, MaxAge: 24 * time.Hour}
	s := domain.NewSession(u, domain.Client{IP: "192.0.2.1", UserAgent: "test"}, birth, policy)
	s.Version = 1
	return s
}

func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "data?#% ü", "latchkey.db") }

func openAt(t testing.TB, path string, now func() time.Time) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { check(t, db.Close()) })
	return db
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}

// count is how many rows the table really has, whatever callers see.
func count(t testing.TB, db *DB, table string) (n int) {
	t.Helper()
	check(t, db.readers.do(t.Context(), func(c *conn) error {
		return c.row(`SELECT count(*) FROM ` + table).Scan(&n)
	}))
	return n
}

// run executes statements that no port offers.
func run(t testing.TB, db *DB, query string) {
	t.Helper()
	check(t, db.writer.do(t.Context(), func(c *conn) error {
		_, err := c.sql.ExecContext(t.Context(), query)
		return err
	}, nothing))
}

func TestSurvivesRestart(t *testing.T) {
	path, user := newPath(t), newUser("ada")
	session := newSession(user)
	db := openAt(t, path, atBirth)
	check(t, db.Users().Create(t.Context(), user))
	check(t, db.Sessions().Create(t.Context(), session))
	check(t, db.Close())

	db = openAt(t, path, atBirth)
	if got, err := db.Users().ByID(t.Context(), user.ID); err != nil || !reflect.DeepEqual(got, user) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := db.Sessions().Get(t.Context(), user.ID, session.ID); err != nil || got != session {
		t.Errorf("got %+v, %v", got, err)
	}
}

// What was answered is in the log before anything is closed: a copy of the files, as a crash would leave them, has it.
func TestSurvivesCrash(t *testing.T) {
	path, user := newPath(t), newUser("ada")
	db := openAt(t, path, atBirth)
	check(t, db.Users().Create(t.Context(), user))
	left := filepath.Join(t.TempDir(), "left")
	check(t, os.CopyFS(left, os.DirFS(filepath.Dir(path))))

	db = openAt(t, filepath.Join(left, filepath.Base(path)), atBirth)
	if _, err := db.Users().ByID(t.Context(), user.ID); err != nil {
		t.Error(err)
	}
}

func TestOnlyTheOwnerReads(t *testing.T) {
	path := newPath(t)
	db := openAt(t, path, atBirth)
	check(t, db.Users().Create(t.Context(), newUser("ada")))
	for name, want := range map[string]os.FileMode{
		filepath.Dir(path): 0o700 | os.ModeDir, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		info, err := os.Stat(name)
		check(t, err)
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", filepath.Base(name), info.Mode(), want)
		}
	}
}

func TestCommitsReachTheDisk(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	var mode string
	var synchronous int
	check(t, db.writer.do(t.Context(), func(c *conn) error {
		return errors.Join(c.row(`PRAGMA journal_mode`).Scan(&mode), c.row(`PRAGMA synchronous`).Scan(&synchronous))
	}, nothing))
	if mode != "wal" || synchronous != 2 {
		t.Errorf("journal_mode %s, synchronous %d, want wal and 2 (FULL)", mode, synchronous)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	err := db.readers.do(t.Context(), func(c *conn) error {
		_, err := c.exec(`DELETE FROM users`)
		return err
	})
	wants(t, err, ports.ErrUnavailable)
}

func TestClosedIsUnavailable(t *testing.T) {
	path := newPath(t)
	db := openAt(t, path, atBirth)
	user := newUser("ada")
	check(t, db.Users().Create(t.Context(), user))
	check(t, db.Ping(t.Context()))
	check(t, db.Close())
	check(t, db.Close())

	_, err := db.Users().ByID(t.Context(), user.ID)
	wants(t, err, ports.ErrUnavailable)
	wants(t, db.Users().Delete(t.Context(), user.ID), ports.ErrUnavailable)
	wants(t, db.Ping(t.Context()), ports.ErrUnavailable)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

// Closing under load loses nothing that was answered, and answers everybody.
func TestCloseUnderLoad(t *testing.T) {
	path := newPath(t)
	db := openAt(t, path, atBirth)
	var running, begun sync.WaitGroup
	stored := make([][]domain.UserID, 16)
	for i := range stored {
		begun.Add(1)
		running.Go(func() { stored[i] = register(t, db, fmt.Sprint(i), sync.OnceFunc(begun.Done)) })
	}
	begun.Wait()
	check(t, db.Close())
	running.Wait()

	db = openAt(t, path, atBirth)
	ids := slices.Concat(stored...)
	for _, id := range ids {
		if _, err := db.Users().ByID(t.Context(), id); err != nil {
			t.Error(id, err)
		}
	}
	if got := count(t, db, "users"); got != len(ids) {
		t.Errorf("%d users, %d were answered", got, len(ids))
	}
	intact(t, db)
}

// register creates and reads users until the database is closed, and calls begun after each.
func register(t *testing.T, db *DB, name string, begun func()) (stored []domain.UserID) {
	for {
		user := newUser(fmt.Sprint(name, "-", len(stored)))
		err := db.Users().Create(context.Background(), user)
		if err == nil {
			stored = append(stored, user.ID)
			begun()
			_, err = db.Users().ByID(context.Background(), user.ID)
		}
		if errors.Is(err, ports.ErrUnavailable) {
			return stored
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// intact asks SQLite to look for damage.
func intact(t *testing.T, db *DB) {
	t.Helper()
	var verdict string
	check(t, db.readers.do(t.Context(), func(c *conn) error { return c.row(`PRAGMA integrity_check`).Scan(&verdict) }))
	if verdict != "ok" {
		t.Error(verdict)
	}
}
