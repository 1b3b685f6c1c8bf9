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
	doc, err := r.store.sessions.FindOne(ctx, bson.D{{Key: "_id", Value: textValue(string(id))}}).Raw()
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
		filter := append(r.kept(s.UserID),
			bson.E{Key: "_id", Value: textValue(string(s.ID))}, bson.E{Key: "version", Value: s.Version})
		result, err := r.store.sessions.UpdateOne(ctx, filter, sessionChanges(s))
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
func (r *Sessions) ByUser(ctx context.Context, userID domain.UserID) (all []domain.Session, err error) {
	newestFirst := bson.D{{Key: "createdAt", Value: -1}, {Key: "_id", Value: -1}}
	cursor, err := r.store.sessions.Find(ctx, r.kept(userID), options.Find().SetSort(newestFirst))
	if err != nil {
		return nil, translate(ctx, err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		s, err := readSession(cursor.Current)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, translate(ctx, cursor.Err())
}

// DeleteByUser implements ports.TokenStore. The engine removes one after the other, the newest first.
func (r *Sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	return r.store.write(ctx, func() error {
		_, err := r.store.sessions.DeleteMany(ctx, bson.D{{Key: "userId", Value: idValue(userID)}})
		return translate(ctx, err)
	})
}

// kept selects the user's sessions that are not forgotten.
func (r *Sessions) kept(userID domain.UserID) bson.D {
	now := bson.DateTime(r.store.now().UnixMilli())
	return bson.D{
		{Key: "userId", Value: idValue(userID)},
		{Key: "keptUntil", Value: bson.D{{Key: "$gt", Value: now}}},
	}
}
