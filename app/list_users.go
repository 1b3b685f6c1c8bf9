package app

import (
	"context"
	"errors"
	"iter"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// ListUsers shows an operator who has an account.
type ListUsers struct{ users ports.UserLister }

var errNoLister = errors.New("the store of the users cannot list them")

// Do lists all users, as ports.UserLister does: in no order and few in memory at a time. It goes on after a user that
// cannot be read, which is a *ports.UnreadableError; any other error comes last.
func (uc *ListUsers) Do(ctx context.Context) iter.Seq2[domain.User, error] {
	if uc.users == nil {
		return func(yield func(domain.User, error) bool) { yield(domain.User{}, errNoLister) }
	}
	return uc.users.All(ctx)
}
