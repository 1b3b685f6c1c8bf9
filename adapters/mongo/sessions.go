package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.TokenStore = (*Sessions)(nil)

// Sessions keeps the sessions in the collection "sessions", a document each.
type Sessions struct{ store *Store }

// Create implements ports.TokenStore.
func (r *Sessions) Create(ctx context.Context, s domain.Session) error {
	return r.store.write(ctx, func() error {
		_, err := r.store.sessions.InsertOne(ctx, sessionDocument(s))
		return translate(ctx, err)
	})
}

// Get implements ports.TokenStore.
func (r *Sessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	// By the id alone: every engine has an index for that.
	doc, err := r.store.sessions.FindOne(ctx, bson.D{withID(id)}).Raw()
	if err != nil {
		return domain.Session{}, translate(ctx, err)
	}
	s, err := readSession(doc)
	if err != nil {
		return domain.Session{}, err
	}
	if s.UserID != userID || !r.store.now().Before(s.KeptUntil()) {
		return domain.Session{}, ports.ErrNotFound
	}
	return s, nil
}

// Update implements ports.TokenStore.
func (r *Sessions) Update(ctx context.Context, s domain.Session) error {
	return r.store.write(ctx, func() error {
		current := r.kept(withID(s.ID), ofUser(s.UserID), bson.E{Key: "version", Value: s.Version})
		result, err := r.store.sessions.UpdateOne(ctx, current, sessionChanges(s))
		if err != nil {
			return translate(ctx, err)
		}
		if result.MatchedCount == 1 {
			return nil
		}
		if _, err := r.Get(ctx, s.UserID, s.ID); err != nil {
			return err // it is gone
		}
		return ports.ErrStale
	})
}

// ByUser implements ports.TokenStore.
func (r *Sessions) ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
	newestFirst := options.Find().SetSort(bson.D{{Key: "createdAt", Value: -1}, {Key: "_id", Value: -1}})
	return collect(each(ctx, r.store.sessions, r.kept(ofUser(userID)), newestFirst, readSession))
}

// DeleteByUser implements ports.TokenStore. The engine removes one after the other, the newest first.
func (r *Sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	return r.store.write(ctx, func() error {
		_, err := r.store.sessions.DeleteMany(ctx, bson.D{ofUser(userID)})
		return translate(ctx, err)
	})
}

func withID(id domain.SessionID) bson.E { return bson.E{Key: "_id", Value: textValue(string(id))} }
func ofUser(id domain.UserID) bson.E    { return bson.E{Key: "userId", Value: idValue(id)} }

// kept selects those sessions that are not forgotten.
func (r *Sessions) kept(which ...bson.E) bson.D {
	now := bson.DateTime(r.store.now().UnixMilli())
	return append(which, bson.E{Key: "keptUntil", Value: bson.D{{Key: "$gt", Value: now}}})
}
