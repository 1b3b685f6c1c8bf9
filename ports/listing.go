package ports

import (
	"context"
	"fmt"
	"iter"

	"github.com/latchkey-auth/latchkey/domain"
)

// UserLister lists all users, to copy them or to show them. A UserRepository may be one.
type UserLister interface {
	// All returns every user, in no order. It returns users that exist from beginning to end at least once. It may
	// or may not return users that are created or deleted meanwhile. It holds few users in memory, however many exist.
	//
	// A value that cannot be read comes as an *UnreadableError, and the next ones follow. Any other error ends the
	// iteration, and comes last.
	All(ctx context.Context) iter.Seq2[domain.User, error]
}

// SessionLister lists all sessions. A TokenStore may be one.
type SessionLister interface {
	// All returns every session that is not forgotten, as UserLister does with users.
	All(ctx context.Context) iter.Seq2[domain.Session, error]
}

// UnreadableError is a stored value of which a store can make no user or session: another program wrote it, say.
type UnreadableError struct {
	ID  string // what names the value to an operator: a user's id, a key
	Err error  // why it cannot be read; never holds a secret
}

// Error names the value and says why it cannot be read.
func (e *UnreadableError) Error() string { return fmt.Sprintf("cannot read %s: %v", e.ID, e.Err) }

// Unwrap is why the value cannot be read.
func (e *UnreadableError) Unwrap() error { return e.Err }
