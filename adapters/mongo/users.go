package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.UserRepository = (*Users)(nil)

// Users keeps the users in the collection "users".
type Users struct{ store *Store }

// Create implements ports.UserRepository.
func (r *Users) Create(ctx context.Context, u domain.User) error {
	return r.store.write(ctx, func() error {
		return r.claim(ctx, u, func() error { return r.insert(ctx, u) })
	})
}

// insert stores a new document, wholly or not at all.
func (r *Users) insert(ctx context.Context, u domain.User) error {
	_, err := r.store.users.InsertOne(ctx, userDocument(u))
	if field, duplicate := violated(err); !duplicate || field != "" {
		return translate(ctx, err)
	}
	// FerretDB does not say which field is to blame.
	switch _, missing := r.ByID(ctx, u.ID); {
	case missing == nil:
		return domain.UserExists("_id")
	case errors.Is(missing, ports.ErrNotFound):
		return err
	default:
		return missing
	}
}

// ByID implements ports.UserRepository.
func (r *Users) ByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	doc, err := r.store.users.FindOne(ctx, byID(id)).Raw()
	if err != nil {
		return domain.User{}, translate(ctx, err)
	}
	return readUser(doc)
}

// ByLogin implements ports.UserRepository.
func (r *Users) ByLogin(ctx context.Context, login domain.Login) (domain.User, error) {
	holders, err := r.holders(ctx, login)
	if err != nil {
		return domain.User{}, err
	}
	if len(holders) == 0 {
		return domain.User{}, ports.ErrNotFound
	}
	return holders[0], nil
}

// Update implements ports.UserRepository.
func (r *Users) Update(ctx context.Context, u domain.User) error {
	return r.store.write(ctx, func() error {
		stored, err := r.ByID(ctx, u.ID)
		if err != nil {
			return err
		}
		if stored.Version != u.Version {
			return ports.ErrStale
		}
		return r.claim(ctx, newNames(stored, u), func() error { return r.swap(ctx, stored, u) })
	})
}

// swap changes the document if nobody has since it was read.
func (r *Users) swap(ctx context.Context, stored, u domain.User) error {
	result, err := r.store.users.UpdateOne(ctx, atVersion(u), userChanges(stored, u))
	if err != nil {
		return translate(ctx, err)
	}
	if result.MatchedCount == 1 {
		return nil
	}
	if _, err := r.ByID(ctx, u.ID); err != nil {
		return err // it is gone
	}
	return ports.ErrStale
}

// Delete implements ports.UserRepository.
func (r *Users) Delete(ctx context.Context, id domain.UserID) error {
	return r.store.write(ctx, func() error {
		_, err := r.store.users.DeleteOne(ctx, byID(id))
		return translate(ctx, err)
	})
}

func byID(id domain.UserID) bson.D { return bson.D{{Key: "_id", Value: idValue(id)}} }
