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
	cleanups *cleanups
	now      func() time.Time
}

// pictures are all that a user has.
var pictures = []domain.Image{domain.Avatar, domain.CoverImage}

// DeleteAccountRequest carries the password, as proof that it is the owner who asks.
type DeleteAccountRequest struct {
	Caller   Caller
	Password domain.Secret
	Client   domain.Client
}

// Do deletes the account. Errors: domain.CodeValidationFailed, domain.ErrInvalidCredentials, domain.CodeTooManyAttempts;
// domain.CodeSessionEnded when the password was changed meanwhile. When it fails otherwise, its owner has the account
// as before, at worst without pictures.
func (uc *DeleteAccount) Do(ctx context.Context, req DeleteAccountRequest) error {
	password, err := domain.PresentedPassword("password", req.Password.Reveal())
	if err != nil {
		return err
	}
	user := req.Caller.User
	if err := uc.check.ofCaller(ctx, req.Caller, "password", password, req.Client); err != nil {
		return err
	}
	return uc.delete(ctx, req.Caller, req.Client, func(stored domain.User) error {
		if stored.CredentialsVersion != user.CredentialsVersion {
			return domain.ErrPasswordChanged
		}
		return nil
	})
}

// delete deletes the account of a caller, if that is still all right as it is stored by then, and tells. Whoever finds it
// gone does not; of two that were both at it when it went, both do.
func (uc *DeleteAccount) delete(ctx context.Context, caller Caller, client domain.Client, still func(domain.User) error) error {
	err := uc.remove(ctx, caller.User.ID, still)
	if errors.Is(err, ports.ErrNotFound) {
		return nil // somebody else was faster
	}
	if err != nil {
		return err
	}
	uc.events.Emit(ctx, domain.Event{Kind: domain.EventAccountDeleted, At: uc.now(), UserID: caller.User.ID, SessionID: caller.Session.ID, Client: client})
	return nil
}

// remove closes the account, so that nobody puts a picture into it that this deletion does not know of; then it removes
// the pictures and the user, and the sessions last: without a user no session lives, and a sign-in that is under way
// cannot bring one back. Sessions that could not be removed are over all the same, and vanish when they expire.
// ports.ErrNotFound where there is no such user any more.
func (uc *DeleteAccount) remove(ctx context.Context, id domain.UserID, still func(domain.User) error) error {
	ctx, cancel := undoing(ctx)
	defer cancel()
	left, closed, err := uc.close(ctx, id, still)
	switch {
	case errors.Is(err, ports.ErrNotFound), refused(err), left.ID == "": // nothing was written
		return err
	case err != nil:
		uc.cleanups.run(ctx, func(ctx context.Context) { uc.giveBack(ctx, left, closed) })
		return err
	}
	if left, err = uc.removePictures(ctx, left); err == nil {
		err = uc.users.Delete(ctx, id)
	}
	if err != nil {
		uc.cleanups.run(ctx, func(ctx context.Context) {
			left, _ := uc.removePictures(ctx, left) // one of them may be gone already
			uc.giveBack(ctx, left, closed)
		})
		return err
	}
	_ = uc.sessions.DeleteByUser(ctx, id)
	return nil
}

// close swaps the user for the closed one, and answers both. Since the caller was read, the pictures may have changed,
// and so may the password that was checked.
func (uc *DeleteAccount) close(ctx context.Context, id domain.UserID, still func(domain.User) error) (open, closed domain.User, err error) {
	closed, err = swapUser(ctx, uc.users, id, func(u domain.User) (domain.User, error) {
		if err := still(u); err != nil {
			return u, err
		}
		open = u
		return u.Close(uc.now()), nil
	})
	return open, closed, err
}

// removePictures answers the user with the pictures that are left, none unless it fails.
func (uc *DeleteAccount) removePictures(ctx context.Context, user domain.User) (left domain.User, err error) {
	for _, which := range pictures {
		if ref := user.Image(which); ref != "" {
			if err := uc.images.Delete(ctx, ref); err != nil {
				return user, err
			}
			user = user.WithImage(which, "")
		}
	}
	return user, nil
}

// giveBack lets the owner have the account, to try again, with the pictures that are left. Where it is not as this
// deletion closed it, because that never happened, or another deletion goes on with it, those not shown are nobody's.
func (uc *DeleteAccount) giveBack(ctx context.Context, left, closed domain.User) {
	_ = untilCurrent(ctx, func() error {
		stored, err := uc.users.ByID(ctx, closed.ID)
		if err != nil && !errors.Is(err, ports.ErrNotFound) {
			return err
		}
		if !stored.ClosedAs(closed) {
			uc.removeUnshown(ctx, left, stored)
			return nil
		}
		stored = stored.Reopen()
		stored.Avatar, stored.CoverImage = left.Avatar, left.CoverImage
		err = uc.users.Update(ctx, stored)
		if errors.Is(err, ports.ErrNotFound) {
			return ports.ErrStale // somebody else was faster
		}
		return err
	})
}

func (uc *DeleteAccount) removeUnshown(ctx context.Context, left, stored domain.User) {
	for _, which := range pictures {
		if ref := left.Image(which); ref != "" && ref != stored.Image(which) {
			_ = uc.images.Delete(ctx, ref)
		}
	}
}
