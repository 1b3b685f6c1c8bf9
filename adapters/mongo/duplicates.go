package mongo

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/latchkey-auth/latchkey/domain"
)

// DuplicateError says that two users of an existing collection have the same email or username, ignoring case, or
// that their _ids read alike. One of them needs another before Latchkey can serve the collection.
type DuplicateError struct {
	Field string // "email", "username" or "_id"
	IDs   [2]domain.UserID
}

// Error names the two users by their ids alone.
func (e *DuplicateError) Error() string {
	if e.Field == "_id" {
		return fmt.Sprintf("two users have the _id %s: one as a string, the other as an ObjectId, a number or a UUID", e.IDs[0])
	}
	return fmt.Sprintf("the users with the _id %s and %s have the same %s, if case is ignored", e.IDs[0], e.IDs[1], e.Field)
}

// notFolded is what a name has that may not be folded: anything but printable ASCII without capitals.
const notFolded = `[^!-@\[-~]`

// named is what is looked at of a user to find duplicates.
type named struct {
	id   domain.UserID
	name string
}

// duplicates is a DuplicateError if a user among those that the filter selects has the same name as any other.
func (s *Store) duplicates(ctx context.Context, field string, filter bson.D) error {
	seen := map[string]domain.UserID{}
	for user, err := range s.names(ctx, field, filter) {
		if err != nil {
			return err
		}
		folded := fold(field, user.name)
		if first, ok := seen[folded]; ok {
			return &DuplicateError{field, [2]domain.UserID{first, user.id}}
		}
		if folded != "" {
			seen[folded] = user.id
		}
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
	for user, err := range s.names(ctx, field, bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: names}}}}) {
		if err != nil {
			return err
		}
		if first := seen[user.name]; first != user.id {
			return &DuplicateError{field, [2]domain.UserID{first, user.id}}
		}
	}
	return nil
}

// names is the ids and names of the users that the filter selects.
func (s *Store) names(ctx context.Context, field string, filter bson.D) iter.Seq2[named, error] {
	opts := options.Find().SetProjection(bson.D{{Key: field, Value: 1}})
	return each(ctx, s.users, filter, opts, func(doc bson.Raw) (named, error) {
		return named{domain.UserID(idText(doc.Lookup("_id"))), text(doc, field)}, nil
	})
}
