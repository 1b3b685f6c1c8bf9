package mongo

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/latchkey-auth/latchkey/domain"
)

// DuplicateError says that two users of an existing collection have the same email or username, also by case.
// One of them has to get another before Latchkey can serve the collection.
type DuplicateError struct {
	Field string // "email" or "username"
	IDs   [2]domain.UserID
}

// Error names the two users, by their ids alone.
func (e *DuplicateError) Error() string {
	return fmt.Sprintf("the users with the _id %s and %s have the same %s, if case is ignored", e.IDs[0], e.IDs[1], e.Field)
}

// notFolded is what a name has that may not be folded: anything but printable ASCII without capitals.
const notFolded = `[^!-@\[-~]`

// duplicates is a DuplicateError if a user among those that the filter selects has the same name as any other.
func (s *Store) duplicates(ctx context.Context, field string, filter bson.D) error {
	seen := map[string]domain.UserID{}
	err := s.eachName(ctx, field, filter, func(id domain.UserID, name string) error {
		folded := fold(field, name)
		if other, ok := seen[folded]; ok && folded != "" {
			return &DuplicateError{field, [2]domain.UserID{other, id}}
		}
		seen[folded] = id
		return nil
	})
	if err != nil {
		return err
	}
	const batch = 1000
	for names := range slices.Chunk(slices.Collect(maps.Keys(seen)), batch) {
		if err := s.others(ctx, field, names, seen); err != nil {
			return err
		}
	}
	return nil
}

// others looks among those whose names are folded already.
func (s *Store) others(ctx context.Context, field string, names []string, seen map[string]domain.UserID) error {
	filter := bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: names}}}}
	return s.eachName(ctx, field, filter, func(id domain.UserID, name string) error {
		if first, ok := seen[name]; ok && first != id && name != "" {
			return &DuplicateError{field, [2]domain.UserID{first, id}}
		}
		return nil
	})
}

// eachName hands on the ids and names of the users that the filter selects.
func (s *Store) eachName(ctx context.Context, field string, filter bson.D, yield func(domain.UserID, string) error) error {
	cursor, err := s.users.Find(ctx, filter, options.Find().SetProjection(bson.D{{Key: field, Value: 1}}))
	if err != nil {
		return translate(ctx, err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		if err := yield(userID(cursor.Current.Lookup("_id")), text(cursor.Current, field)); err != nil {
			return err
		}
	}
	return translate(ctx, cursor.Err())
}
