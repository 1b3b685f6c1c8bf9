package sqlite

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.Callers = (*DB)(nil)

// Caller implements ports.Callers: SQLite is asked once whether what is kept is still so.
func (db *DB) Caller(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, domain.User, error) {
	key := sessionKey{userID, id}
	var session domain.Session
	var user domain.User
	var knowsSession, knowsUser bool
	state, err := db.cache.look(ctx, func() {
		session, knowsSession = db.cache.sessions.Get(key)
		user, knowsUser = db.cache.users.Get(userID)
	})
	if err == nil {
		session, err = db.Sessions().found(ctx, state, key, session, knowsSession)
	}
	if err != nil {
		return domain.Session{}, domain.User{}, err
	}
	if !knowsUser {
		user, err = db.Users().read(ctx, state, userID)
	}
	return session, user, err
}
