package ports

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
)

// Callers is what stores of users and sessions may be as well, together: what reads one of each in one go, for less than
// it costs to read one after the other.
type Callers interface {
	// Caller is the session, as TokenStore.Get answers it, and its user, as UserRepository.ByID does, each of some
	// instant between call and return. ErrNotFound where either is not; a session whose user is not comes with it.
	Caller(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, domain.User, error)
}
