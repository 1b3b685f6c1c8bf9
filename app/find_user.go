package app

import (
	"context"
	"errors"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// FindUser finds a user by whatever an operator knows of them.
type FindUser struct{ users ports.UserRepository }

// Do finds the user with that id, or email, or username. An id comes first, since it is what nobody chose: whoever takes
// the id of somebody else for a username is not found by it. Errors: domain.CodeValidationFailed, domain.ErrUserNotFound.
func (uc *FindUser) Do(ctx context.Context, name string) (domain.User, error) {
	byEmail, err := domain.NewLogin(name, "")
	if err != nil {
		return domain.User{}, err
	}
	byUsername, err := domain.NewLogin("", name)
	if err != nil {
		return domain.User{}, err
	}
	for _, find := range []func() (domain.User, error){
		func() (domain.User, error) { return uc.users.ByID(ctx, domain.UserID(name)) },
		func() (domain.User, error) { return uc.users.ByLogin(ctx, byEmail) },
		func() (domain.User, error) { return uc.users.ByLogin(ctx, byUsername) },
	} {
		user, err := find()
		if !errors.Is(err, ports.ErrNotFound) {
			return user, err
		}
	}
	return domain.User{}, domain.ErrUserNotFound
}
