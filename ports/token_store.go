package ports

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
)

// TokenStore keeps the sessions. It knows no rule about them: every decision is taken in the domain,
// and stored by Update if nobody else has decided meanwhile.
//
// What UserRepository says of linearizability, contexts, failures, durability and copies holds here too.
//
// From the instant session.KeptUntil() on (to the millisecond, that instant included) a session is as good as absent for
// every method, whether or not the engine has removed it yet, by the clock that the store was given. Engines remove such
// sessions by themselves before long, so that a store does not grow by what is over.
type TokenStore interface {
	// Create stores a new session with Version 1, whatever s.Version says. The id has never been used before.
	Create(ctx context.Context, s domain.Session) error

	// Get is the session of that user and id, or ErrNotFound; another user's session is ErrNotFound.
	Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error)

	// Update is a compare-and-swap: it stores s with Version s.Version+1 if s.Version is the stored one; else nothing
	// changes and the error is ErrStale. ErrNotFound where there is no such session of that user.
	// Seed and CreatedAt are never changed.
	Update(ctx context.Context, s domain.Session) error

	// ByUser is the user's sessions, those that ended included, newest first by CreatedAt and then by ID, descending
	// as well. None is no error.
	ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error)

	// DeleteByUser removes all sessions of the user that there are at its instant. None is no error.
	DeleteByUser(ctx context.Context, userID domain.UserID) error
}
