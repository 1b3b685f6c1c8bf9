package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// ChangeImage replaces one of a user's pictures.
type ChangeImage struct {
	users    ports.UserRepository
	images   ports.ImageStore
	cleanups *cleanups
	now      func() time.Time
}

// ChangeImageRequest carries the new picture.
type ChangeImageRequest struct {
	Caller Caller
	Which  domain.Image
	Data   []byte
}

// Do stores the new picture and removes the old one; when it fails, the old one stays and the new one goes.
// Errors: domain.CodeValidationFailed where no picture came, domain.CodeImageInvalid.
func (uc *ChangeImage) Do(ctx context.Context, req ChangeImageRequest) (domain.User, error) {
	if len(req.Data) == 0 {
		return domain.User{}, domain.Invalid(string(req.Which), "is required")
	}
	ref, err := uc.images.Put(ctx, string(req.Which), req.Data)
	if err != nil {
		return domain.User{}, err
	}
	var replaced string
	user, err := updateUser(ctx, uc.users, req.Caller, uc.now, func(u domain.User) domain.User {
		replaced = u.Image(req.Which)
		return u.WithImage(req.Which, ref)
	})
	if err != nil {
		uc.cleanups.run(ctx, func(ctx context.Context) { uc.undo(ctx, req, ref, replaced, err) })
		return domain.User{}, err
	}
	uc.cleanups.run(ctx, func(ctx context.Context) { uc.remove(ctx, replaced) })
	return user, nil
}

// undo takes the new picture back. A store that did not answer may show it all the same; where that cannot be ruled out
// the picture stays, since a user never shows one that is gone.
func (uc *ChangeImage) undo(ctx context.Context, req ChangeImageRequest, ref, replaced string, cause error) {
	if !refused(cause) {
		_, err := swapUser(ctx, uc.users, req.Caller.User.ID, func(u domain.User) (domain.User, error) {
			if u.Image(req.Which) == ref {
				u = u.WithImage(req.Which, replaced)
			}
			return u, nil
		})
		if err != nil && !errors.Is(err, ports.ErrNotFound) {
			return
		}
	}
	uc.remove(ctx, ref)
}

// remove removes a picture, if it is one. One that cannot be removed is no longer shown anywhere: no reason to fail.
func (uc *ChangeImage) remove(ctx context.Context, ref string) {
	if ref != "" {
		_ = uc.images.Delete(ctx, ref)
	}
}
