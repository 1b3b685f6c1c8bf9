package ports

import (
	"context"
	"iter"

	"github.com/latchkey-auth/latchkey/domain"
)

// UserLister is what a UserRepository may be as well: one that hands out everything, to be copied elsewhere.
type UserLister interface {
	// All is every user, in no order. Those that are there from beginning to end come at least once; those that come
	// or go meanwhile may. It holds few users at a time, whatever their number. An error ends it, and comes last.
	All(ctx context.Context) iter.Seq2[domain.User, error]
}

// SessionLister is what a TokenStore may be as well.
type SessionLister interface {
	// All is every session that is not forgotten, as for users.
	All(ctx context.Context) iter.Seq2[domain.Session, error]
}
