package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// SetPassword gives a user a new password, without the old one, and ends every session. It is how an operator helps
// somebody who forgot theirs, and locks out who should not know it.
type SetPassword struct{ change ChangePassword }

// SetPasswordRequest carries the new password of a user.
type SetPasswordRequest struct {
	User   domain.User
	New    domain.Secret
	Client domain.Client
}

// errClosing asks to wait for what a deletion does, or for as long as one that was cut off keeps the account closed.
var errClosing = &domain.Error{
	Code:       domain.CodeUnavailable,
	Message:    "The account is being deleted. If that was broken off, try again in a minute.",
	RetryAfter: time.Minute,
}

// Do sets the password, whatever the old one is by then. Errors: domain.CodeValidationFailed, domain.ErrUserNotFound;
// domain.CodeUnavailable while the account is being deleted.
func (uc *SetPassword) Do(ctx context.Context, req SetPasswordRequest) error {
	password, err := uc.change.policy.Parse("password", req.New.Reveal(), req.User)
	if err != nil {
		return err
	}
	hash, err := uc.change.hash(ctx, "password", password, req.Client)
	if err != nil {
		return err
	}
	if err := uc.store(ctx, req.User.ID, hash); err != nil {
		return err
	}
	uc.change.changed(ctx, Caller{User: req.User}, req.Client)
	return nil
}

func (uc *SetPassword) store(ctx context.Context, id domain.UserID, hash domain.Secret) error {
	_, err := swapUser(ctx, uc.change.users, id, func(u domain.User) (domain.User, error) {
		now := uc.change.now()
		if u.Closed(now) {
			return u, errClosing
		}
		return u.ChangePassword(hash, "", now), nil
	})
	if errors.Is(err, ports.ErrNotFound) {
		return domain.ErrUserNotFound
	}
	return err
}
