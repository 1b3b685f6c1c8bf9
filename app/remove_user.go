package app

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
)

// RemoveUser deletes somebody's account without their password.
type RemoveUser struct{ deletion DeleteAccount }

// RemoveUserRequest says whose.
type RemoveUserRequest struct {
	User   domain.User
	Client domain.Client
}

// Do deletes the account as DeleteAccount does, whatever has become of its password meanwhile.
func (uc *RemoveUser) Do(ctx context.Context, req RemoveUserRequest) error {
	return uc.deletion.delete(ctx, Caller{User: req.User}, req.Client, func(domain.User) error { return nil })
}
