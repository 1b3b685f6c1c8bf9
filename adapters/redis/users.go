package redis

import (
	"context"
	"errors"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.UserRepository = (*Users)(nil)

// Users keeps the users.
type Users struct{ *Store }

var (
	commitUser = load("commit")
	removeUser = load("remove")
)

// Create implements ports.UserRepository.
func (r *Users) Create(ctx context.Context, u domain.User) error {
	u.Version = 1
	for {
		switch done, err := r.replace(ctx, u.ID, stored{}, newUserRecord(u)); {
		case err != nil, done == committed:
			return err
		case done == changed:
			return domain.UserExists("_id")
		}
	}
}

// ByID implements ports.UserRepository.
func (r *Users) ByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	found, err := r.read(ctx, id)
	if err != nil {
		return domain.User{}, err
	}
	return found.user(id), nil
}

// ByLogin implements ports.UserRepository. Nobody else gets a name before its user has lost it: so where the record
// lacks the name that was claimed, there was an instant at which nobody had it.
func (r *Users) ByLogin(ctx context.Context, login domain.Login) (domain.User, error) {
	key, has := usernameKey(login.Username.String()), func(u domain.User) bool { return u.Username == login.Username }
	if !login.Email.IsZero() {
		key, has = emailKey(login.Email.String()), func(u domain.User) bool { return u.Email == login.Email }
	}
	held, err := r.get(ctx, key)
	if err != nil {
		return domain.User{}, err
	}
	if held == "" {
		return domain.User{}, ports.ErrNotFound
	}
	_, id := parseClaim(held)
	u, err := r.ByID(ctx, id)
	if err != nil {
		return domain.User{}, err
	}
	if !has(u) {
		return domain.User{}, ports.ErrNotFound
	}
	return u, nil
}

// Update implements ports.UserRepository.
func (r *Users) Update(ctx context.Context, u domain.User) error {
	for {
		old, err := r.read(ctx, u.ID)
		if err != nil {
			return err
		}
		if old.Version != u.Version {
			return ports.ErrStale
		}
		next := newUserRecord(u)
		next.CreatedAt = old.CreatedAt
		next.Version++
		done, err := r.replace(ctx, u.ID, old, next)
		if err != nil || done == committed {
			return err
		}
	}
}

// Delete implements ports.UserRepository.
func (r *Users) Delete(ctx context.Context, id domain.UserID) error {
	value, err := r.text(ctx, removeUser, []string{userKey(id), intentsKey(id)})
	if err != nil {
		return err
	}
	gone, err := restoreStored(value)
	r.release(ctx, id, gone.names())
	return err
}

// read is the stored record of the user, or ErrNotFound.
func (r *Users) read(ctx context.Context, id domain.UserID) (stored, error) {
	value, err := r.get(ctx, userKey(id))
	if err != nil {
		return stored{}, err
	}
	return foundUser(value)
}

// foundUser is what is stored under a user's key, or ErrNotFound.
func foundUser(value string) (stored, error) {
	if value == "" {
		return stored{}, ports.ErrNotFound
	}
	return restoreStored(value)
}

// outcome is what became of a write that met with no error.
type outcome string

// As the script of commits names them.
const (
	committed outcome = "done"
	changed   outcome = "changed"  // the record is not the expected one any more
	givenUp   outcome = "given up" // somebody has waited for this write for too long
)

// replace stores the next record of a user in place of the old one, the zero one standing for none, with the names
// that are new. Unless the outcome is committed, nothing has changed.
func (r *Users) replace(ctx context.Context, id domain.UserID, old stored, next userRecord) (outcome, error) {
	c := r.newClaims(id)
	gained, lost := next.inherit(old.userRecord, c.intent)
	done, err := r.commit(ctx, c, gained, old.value, encode(next))
	if done == committed {
		r.release(ctx, id, lost)
	}
	return done, err
}

func (r *Users) commit(ctx context.Context, c *claims, gained []name, old, next string) (outcome, error) {
	if len(gained) == 0 {
		was, err := r.swap(ctx, userKey(c.user), old, next)
		if err != nil || was == old {
			return committed, err
		}
		return changed, nil
	}
	if err := c.make(ctx, gained); err != nil {
		c.abandon(ctx)
		if errors.Is(err, errOwn) {
			return changed, nil
		}
		return "", err
	}
	reply, err := r.text(ctx, commitUser, []string{userKey(c.user), intentsKey(c.user)}, c.intent, old, next)
	if err != nil {
		return "", err // it may have been done: the names stay claimed
	}
	if outcome(reply) != committed {
		c.abandon(ctx)
	}
	return outcome(reply), nil
}
