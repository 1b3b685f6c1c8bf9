package sqlite

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// beforeCommit is called before each transaction: from then on a read may see it.
func (k *cache) beforeCommit() { k.committing.Store(true) }

// afterCommit is called after each transaction, with the connection of the writer. What was committed is told by tell;
// nil tells nothing of what became of it.
func (k *cache) afterCommit(writer *conn, tell func(*cache)) {
	_ = k.watch.hold(context.Background(), func(watching *conn) error { // which fails when there are no more reads
		defer k.committing.Store(false)
		now, err := k.watch.version(watching)
		if err != nil {
			now = version{}
		}
		// Asked last: if nobody else has committed up to now, then nobody had when the watcher told.
		foreign, err := writer.dataVersion()
		if err != nil {
			now = version{}
		}
		if tell == nil || foreign != k.foreign {
			k.forget()
		} else {
			tell(k)
			k.state++
		}
		k.version, k.foreign = now, foreign
		return nil
	})
}

// nothing is what those tell who change neither users nor sessions.
func nothing(*cache) {}

// What was written is kept as it would be read.

func (k *cache) createdUser(u domain.User) {
	u.Version = 1
	u.CreatedAt, u.UpdatedAt = restored(u.CreatedAt), restored(u.UpdatedAt)
	k.users.Add(u.ID, u)
}

func (k *cache) updatedUser(u domain.User) {
	old, known := k.users.Peek(u.ID)
	if !known {
		return
	}
	u.Version++
	u.CreatedAt, u.UpdatedAt = old.CreatedAt, restored(u.UpdatedAt)
	k.users.Add(u.ID, u)
}

func (k *cache) deletedUser(id domain.UserID) { k.users.Remove(id) }

func (k *cache) createdSession(s domain.Session) {
	s.Version = 1
	k.putSession(s)
}

func (k *cache) updatedSession(s domain.Session) {
	old, known := k.sessions.Peek(sessionKey{s.UserID, s.ID})
	if !known {
		return
	}
	s.Version++
	s.Seed, s.CreatedAt = old.Seed, old.CreatedAt
	k.putSession(s)
}

func (k *cache) putSession(s domain.Session) {
	for _, at := range []*time.Time{&s.CreatedAt, &s.RotatedAt, &s.ExpiresAt, &s.EndedAt} {
		*at = restored(*at)
	}
	k.sessions.Add(sessionKey{s.UserID, s.ID}, s)
}

func (k *cache) deletedSessions(keys []sessionKey) {
	for _, key := range keys {
		k.sessions.Remove(key)
	}
}

// restored is a time as it comes back.
func restored(t time.Time) time.Time { return fromMillis(t.UnixMilli()) }
