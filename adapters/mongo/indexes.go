package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// prepare makes the indexes that are missing, and learns what the engine can do. It changes no existing index, and no
// document.
func (s *Store) prepare(ctx context.Context) (err error) {
	if err := s.ambiguous(ctx); err != nil {
		return err
	}
	for _, field := range []string{"email", "username"} {
		if s.engine.collates, err = s.offer(ctx, s.users, bson.D{{Key: field, Value: 1}},
			options.Index().SetName("latchkey_"+field+"_any_case").SetCollation(ignoringCase)); err != nil {
			return err
		}
		if err := s.makeUnique(ctx, field); err != nil {
			return err
		}
	}
	// Newest first, so that what deletes a user's sessions passes by those that are created meanwhile.
	newestFirst := bson.D{{Key: "userId", Value: 1}, {Key: "createdAt", Value: -1}, {Key: "_id", Value: -1}}
	if _, err = s.offer(ctx, s.sessions, newestFirst, options.Index().SetName("latchkey_user")); err != nil {
		return err
	}
	s.engine.expires, err = s.offer(ctx, s.sessions, bson.D{{Key: "keptUntil", Value: 1}},
		options.Index().SetName("latchkey_kept_until").SetExpireAfterSeconds(0))
	return err
}

// offer makes an index that the engine may lack the means for. It reports whether the engine has them.
func (s *Store) offer(ctx context.Context, c *driver.Collection, keys bson.D, opts *options.IndexOptionsBuilder) (bool, error) {
	_, err := c.Indexes().CreateOne(ctx, driver.IndexModel{Keys: keys, Options: opts})
	switch {
	case err == nil, conflicts(err): // the same index, by another name
		return true, nil
	case notImplemented(err):
		return false, nil
	}
	return false, fmt.Errorf("make an index of %s: %w", c.Name(), translate(ctx, err))
}

// conflicts reports whether another index stands where one was to be made.
func conflicts(err error) bool {
	return hasCode(err, codeIndexOptionsConflict, codeIndexKeySpecsConflict)
}

// makeUnique keeps two users from having the same name in the field, or says who has already.
func (s *Store) makeUnique(ctx context.Context, field string) error {
	unfolded := bson.D{{Key: field, Value: bson.D{{Key: "$gt", Value: ""}, {Key: "$regex", Value: notFolded}}}}
	if err := s.duplicates(ctx, field, unfolded); err != nil {
		return err
	}
	if unique, err := s.isUnique(ctx, field); err != nil || unique {
		return err
	}
	err := s.addUnique(ctx, field)
	if err == nil {
		return nil
	}
	if err := s.duplicates(ctx, field, bson.D{}); err != nil {
		return err
	}
	if _, answered := errors.AsType[driver.ServerError](err); answered && s.engine.takesTurns {
		return nil // this process, alone in writing, looks before each write
	}
	return fmt.Errorf("make the field %s unique: %w", field, translate(ctx, err))
}

// isUnique reports whether an index, of Latchkey's or of whoever made the collection, makes the field unique already.
func (s *Store) isUnique(ctx context.Context, field string) (bool, error) {
	indexes, err := s.users.Indexes().ListSpecifications(ctx)
	if hasCode(err, codeNamespaceNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("list the indexes: %w", translate(ctx, err))
	}
	for _, index := range indexes {
		keys, err := index.KeysDocument.Elements()
		if err == nil && len(keys) == 1 && keys[0].Key() == field && index.Unique != nil && *index.Unique {
			return true, nil
		}
	}
	return false, nil
}

// addUnique makes the index. It passes over who has no such name, or what Mongoose may have stored for none: null, "".
func (s *Store) addUnique(ctx context.Context, field string) error {
	opts := options.Index().SetName("latchkey_" + field).SetUnique(true)
	named := bson.D{{Key: field, Value: bson.D{{Key: "$gt", Value: ""}}}}
	model := driver.IndexModel{Keys: bson.D{{Key: field, Value: 1}}, Options: opts.SetPartialFilterExpression(named)}
	_, err := s.users.Indexes().CreateOne(ctx, model)
	if !notImplemented(err) {
		return err
	}
	model.Options = options.Index().SetName("latchkey_" + field).SetUnique(true).SetSparse(true)
	_, err = s.users.Indexes().CreateOne(ctx, model)
	return err
}
