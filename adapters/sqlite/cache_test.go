package sqlite

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

// stored opens a database with a user and a session, which have been read.
func stored(t *testing.T, path string, now func() time.Time) (*DB, domain.User, domain.Session) {
	t.Helper()
	db, user := openAt(t, path, now), newUser("ada")
	session := newSession(user)
	check(t, db.Users().Create(t.Context(), user))
	check(t, db.Sessions().Create(t.Context(), session))
	shows(t, db, user, session)
	return db, user, session
}

// bothWays runs a test with databases whose logs' indexes are looked at, and with such as SQLite is asked about.
func bothWays(t *testing.T, test func(t *testing.T, way func(*DB))) {
	t.Run("looking", func(t *testing.T) { test(t, func(*DB) {}) })
	t.Run("asking", func(t *testing.T) { test(t, blind) })
}

// blind keeps a database from looking at the index of its log.
func blind(db *DB) {
	watching := <-db.cache.watch.idle
	defer func() { db.cache.watch.idle <- watching }()
	_ = db.cache.watch.index.close()
	db.cache.watch.index = nil
}

func shows(t *testing.T, db *DB, user domain.User, session domain.Session) {
	t.Helper()
	if got, err := db.Users().ByID(t.Context(), user.ID); err != nil || !reflect.DeepEqual(got, user) {
		t.Fatalf("got %+v, %v, want %+v", got, err, user)
	}
	if got, err := db.Sessions().Get(t.Context(), user.ID, session.ID); err != nil || got != session {
		t.Fatalf("got %+v, %v, want %+v", got, err, session)
	}
}

// withoutReaders makes reading from the database fail, while f runs.
func withoutReaders(db *DB, f func()) {
	reading := db.readers
	defer func() { db.readers = reading }()
	db.readers = &readers{closed: make(chan struct{})}
	close(db.readers.closed)
	f()
}

func TestWhatIsKnownIsNotReadAgain(t *testing.T) {
	db, user, session := stored(t, newPath(t), atBirth)
	withoutReaders(db, func() {
		shows(t, db, user, session)
		user.Fullname, session.Generation = "Ada", 2
		check(t, db.Users().Update(t.Context(), user))
		check(t, db.Sessions().Update(t.Context(), session))
		user.Version, session.Version = 2, 2
		shows(t, db, user, session)
		begun := newSession(user)
		check(t, db.Sessions().Create(t.Context(), begun))
		shows(t, db, user, begun)
	})
}

// What was written is shown as the database has it, whatever was passed in beside what can be changed.
func TestWhatWasWrittenIsShownAsItIsStored(t *testing.T) {
	path := newPath(t)
	db, user, session := stored(t, path, atBirth)
	odd := birth.Add(time.Hour + 123456*time.Nanosecond).In(time.FixedZone("east", 3600))
	again := newUser("bob")
	again.CreatedAt, again.UpdatedAt, again.Version = odd, odd, 7
	begun := newSession(user)
	begun.CreatedAt, begun.RotatedAt, begun.ExpiresAt, begun.Version = odd, odd, odd.Add(time.Hour), 7
	check(t, db.Users().Create(t.Context(), again))
	check(t, db.Sessions().Create(t.Context(), begun))
	user.CreatedAt, user.UpdatedAt, user.Email = odd, odd, domain.Email{}
	session.CreatedAt, session.RotatedAt, session.Seed = odd, odd, domain.Seed{}
	check(t, db.Users().Update(t.Context(), user))
	check(t, db.Sessions().Update(t.Context(), session.End(domain.EndRevoked, odd)))

	other := openAt(t, path, atBirth)
	for _, id := range []domain.UserID{user.ID, again.ID} {
		want, err := other.Users().ByID(t.Context(), id)
		check(t, err)
		withoutReaders(db, func() {
			if got, err := db.Users().ByID(t.Context(), id); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		})
	}
	for _, id := range []domain.SessionID{session.ID, begun.ID} {
		want, err := other.Sessions().Get(t.Context(), user.ID, id)
		check(t, err)
		withoutReaders(db, func() {
			if got, err := db.Sessions().Get(t.Context(), user.ID, id); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		})
	}
}

// What another process commits is seen by the next read here, whether this process has written meanwhile or not.
func TestWritesOfAnotherProcessAreSeenAtOnce(t *testing.T) {
	bothWays(t, func(t *testing.T, way func(*DB)) {
		path := newPath(t)
		db, user, session := stored(t, path, atBirth)
		way(db)
		other := openAt(t, path, atBirth)
		for i := range 10 {
			user.Fullname, session.Generation = fmt.Sprint(i), int64(i)
			check(t, other.Users().Update(t.Context(), user))
			if i%2 == 0 {
				check(t, db.Sessions().Create(t.Context(), newSession(user)))
			}
			check(t, other.Sessions().Update(t.Context(), session))
			user.Version++
			session.Version++
			shows(t, db, user, session)
			withoutReaders(db, func() { shows(t, db, user, session) }) // that was kept
		}
		check(t, other.Users().Delete(t.Context(), user.ID))
		check(t, other.Sessions().DeleteByUser(t.Context(), user.ID))
		isGone(t, db, user, session)
	})
}

func isGone(t *testing.T, db *DB, user domain.User, session domain.Session) {
	t.Helper()
	_, err := db.Users().ByID(t.Context(), user.ID)
	wants(t, err, ports.ErrNotFound)
	_, err = db.Sessions().Get(t.Context(), user.ID, session.ID)
	wants(t, err, ports.ErrNotFound)
}

func TestWhatIsDeletedIsGone(t *testing.T) {
	db, user, session := stored(t, newPath(t), atBirth)
	check(t, db.Users().Delete(t.Context(), user.ID))
	check(t, db.Sessions().DeleteByUser(t.Context(), user.ID))
	isGone(t, db, user, session)
}

// A session that was swept stays away, even if the clock is put back.
func TestWhatIsOverIsGone(t *testing.T) {
	clock := porttest.NewClock()
	clock.Set(birth)
	db, user, session := stored(t, newPath(t), clock.Now)
	clock.Set(session.ExpiresAt.Add(-time.Millisecond))
	shows(t, db, user, session)
	clock.Set(session.ExpiresAt)
	_, err := db.Sessions().Get(t.Context(), user.ID, session.ID)
	wants(t, err, ports.ErrNotFound)
	check(t, db.sweep(t.Context()))
	clock.Set(birth)
	_, err = db.Sessions().Get(t.Context(), user.ID, session.ID)
	wants(t, err, ports.ErrNotFound)
}

func TestWriteThatFailedIsNotShown(t *testing.T) {
	db, user, session := stored(t, newPath(t), atBirth)
	next := user
	next.Fullname = "Ada"
	stale := next
	stale.Version = 5
	wants(t, db.Users().Update(t.Context(), stale), ports.ErrStale)
	shows(t, db, user, session)

	failing := int32(0)
	onCommit(t, db, func() int32 { return failing })
	failing = 1
	wants(t, db.Users().Update(t.Context(), next), ports.ErrUnavailable)
	shows(t, db, user, session)
	failing = 0
	check(t, db.Users().Update(t.Context(), next))
	next.Version++
	shows(t, db, next, session)
}

// A read that a write overtakes may answer what it found, which was there once it had begun, but it is not kept.
func TestReadThatAWriteOvertookIsNotKept(t *testing.T) {
	bothWays(t, func(t *testing.T, way func(*DB)) {
		path := newPath(t)
		one, user, session := stored(t, path, atBirth)
		other := openAt(t, path, atBirth)
		for _, writing := range []*DB{one, other} {
			db := openAt(t, path, atBirth)
			if writing == one {
				db = one
				one.cache.users.Purge()
			}
			way(db)
			state, err := db.cache.look(t.Context(), func() {})
			check(t, err)
			old := user
			user.Fullname += "!"
			check(t, writing.Users().Update(t.Context(), user))
			user.Version++
			db.cache.keep(t.Context(), state, func() { db.cache.users.Add(user.ID, old) })
			shows(t, db, user, session)
		}
	})
}

// Between the instant at which a commit can be seen and that at which the cache is told, nothing is believed and nothing
// forgotten.
func TestReadInTheMiddleOfACommit(t *testing.T) {
	bothWays(t, func(t *testing.T, way func(*DB)) {
		path := newPath(t)
		db, user, session := stored(t, path, atBirth)
		way(db)
		shows(t, db, user, session)
		state := db.cache.state
		db.cache.beforeCommit()
		withoutReaders(db, func() { shows(t, db, user, session) }) // nothing can be seen yet
		committed := user
		committed.Fullname = "Ada"
		check(t, openAt(t, path, atBirth).Users().Update(t.Context(), committed)) // as this process would
		committed.Version++
		shows(t, db, committed, session)
		if db.cache.state != state {
			t.Error("everything was forgotten")
		}
		db.cache.afterCommit(db.writer.conn, nothing)
		shows(t, db, committed, session)
	})
}

func TestCacheKnowsOfEachCommitBeforeItCanBeSeen(t *testing.T) {
	db, user, _ := stored(t, newPath(t), atBirth)
	knows := false
	onCommit(t, db, func() int32 { knows = db.cache.committing.Load(); return 0 })
	check(t, db.Users().Update(t.Context(), user))
	if !knows || db.cache.committing.Load() {
		t.Errorf("at the commit it knew of one: %v; after it: %v", knows, db.cache.committing.Load())
	}
}

func TestCacheIsBounded(t *testing.T) {
	db := openAt(t, newPath(t), atBirth)
	db.cache.users.Resize(2)
	var ids []domain.UserID
	for i := range 5 {
		user := newUser(fmt.Sprint(i))
		check(t, db.Users().Create(t.Context(), user))
		ids = append(ids, user.ID)
	}
	for _, id := range ids {
		_, err := db.Users().ByID(t.Context(), id)
		check(t, err)
	}
	if n := db.cache.users.Len(); n != 2 {
		t.Errorf("%d users are kept, want 2", n)
	}
}

func TestReadWhoseContextEndedIsRefused(t *testing.T) {
	db, user, _ := stored(t, newPath(t), atBirth)
	watching := <-db.cache.watch.idle // somebody else uses the cache
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := db.Users().ByID(ctx, user.ID)
	db.cache.watch.idle <- watching
	if !errors.Is(err, ports.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
