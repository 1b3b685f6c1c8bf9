package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

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
	u, _, err := r.stored(ctx, id)
	return u, err
}

// stored is the user and the _id of their document.
func (r *Users) stored(ctx context.Context, id domain.UserID) (domain.User, bson.RawValue, error) {
	for _, filter := range lookups(id) {
		doc, err := r.store.users.FindOne(ctx, filter).Raw()
		if errors.Is(err, driver.ErrNoDocuments) {
			continue
		}
		if err != nil {
			return domain.User{}, bson.RawValue{}, translate(ctx, err)
		}
		u, err := readUser(doc)
		return u, doc.Lookup("_id"), err
	}
	return domain.User{}, bson.RawValue{}, ports.ErrNotFound
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
	return holders[0].User, holders[0].unreadable
}

// Update implements ports.UserRepository.
func (r *Users) Update(ctx context.Context, u domain.User) error {
	return r.store.write(ctx, func() error {
		stored, id, err := r.stored(ctx, u.ID)
		if err != nil {
			return err
		}
		if stored.Version != u.Version {
			return ports.ErrStale
		}
		return r.claim(ctx, newNames(stored, u), func() error { return r.swap(ctx, id, stored, u) })
	})
}

// swap changes the document with that _id, unless it has changed since it was read.
func (r *Users) swap(ctx context.Context, id bson.RawValue, stored, u domain.User) error {
	result, err := r.store.users.UpdateOne(ctx, atVersion(id, stored.Version), userChanges(stored, u))
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
		for _, filter := range lookups(id) {
			result, err := r.store.users.DeleteOne(ctx, filter)
			if err != nil || result.DeletedCount > 0 {
				return translate(ctx, err)
			}
		}
		return nil
	})
}
