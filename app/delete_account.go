package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// DeleteAccount removes a user, their sessions and their images.
type DeleteAccount struct {
	users    ports.UserRepository
	sessions ports.TokenStore
	images   ports.ImageStore
	events   ports.EventSink
	check    checkPassword
	now      func() time.Time
}

// DeleteAccountRequest carries the password, as proof that it is the owner who asks.
type DeleteAccountRequest struct {
	Caller   Caller
	Password domain.Secret
	Client   domain.Client
}

// Do deletes the account. Errors: domain.CodeValidationFailed, domain.ErrInvalidCredentials, domain.CodeTooManyAttempts;
// domain.CodeSessionEnded when the password was changed meanwhile.
func (uc DeleteAccount) Do(ctx context.Context, req DeleteAccountRequest) error {
	password, err := domain.PresentedPassword("password", req.Password.Reveal())
	if err != nil {
		return err
	}
	user := req.Caller.User
	if err := uc.check.ofCaller(ctx, req.Caller, "password", password, req.Client); err != nil {
		return err
	}
	if err := uc.delete(ctx, user); err != nil {
		return err
	}
	uc.events.Emit(ctx, domain.Event{Kind: domain.EventAccountDeleted, At: uc.now(), UserID: user.ID, SessionID: req.Caller.Session.ID, Client: req.Client})
	return nil
}

// delete removes the images first, so that a failure leaves an account whose owner can try again, and the sessions last:
// without a user no session lives, and a sign-in that is under way cannot bring one back. Sessions that could not be
// removed are over all the same, and vanish when they expire. The user is read again: since the caller was read, the
// pictures may have changed, and so may the password that was checked.
func (uc DeleteAccount) delete(ctx context.Context, checked domain.User) error {
	ctx, cancel := undoing(ctx)
	defer cancel()
	user, err := uc.users.ByID(ctx, checked.ID)
	switch {
	case errors.Is(err, ports.ErrNotFound):
		return nil // somebody else was faster
	case err != nil:
		return err
	case user.CredentialsVersion != checked.CredentialsVersion:
		return domain.ErrPasswordChanged
	}
	for _, ref := range []string{user.Avatar, user.CoverImage} {
		if ref == "" {
			continue
		}
		if err := uc.images.Delete(ctx, ref); err != nil {
			return err
		}
	}
	if err := uc.users.Delete(ctx, user.ID); err != nil {
		return err
	}
	_ = uc.sessions.DeleteByUser(ctx, user.ID)
	return nil
}
