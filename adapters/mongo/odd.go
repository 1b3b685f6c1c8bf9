package mongo

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// mostNamed bounds how many unreadable users Unreadable names.
const mostNamed = 20

var notANumber = bson.D{{Key: "$exists", Value: true}, {Key: "$not", Value: bson.D{{Key: "$type", Value: "number"}}}}

// Unreadable returns the users of whom Latchkey can read no user, so that they cannot sign in: 20 at most, each as a
// *ports.UnreadableError that names the _id. It reads the collection once.
func (s *Store) Unreadable(ctx context.Context) (found []error, err error) {
	suspect := bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "_id", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$type", Value: bson.A{"objectId", "string", "int", "long"}}}}}}},
		bson.D{{Key: "__v", Value: notANumber}},
		bson.D{{Key: "credentialsVersion", Value: notANumber}},
	}}}
	for _, err := range each(ctx, s.users, suspect, options.Find(), readUser) {
		if err == nil {
			continue
		}
		if _, unreadable := errors.AsType[*ports.UnreadableError](err); !unreadable {
			return nil, err
		}
		if found = append(found, err); len(found) == mostNamed {
			break
		}
	}
	return found, nil
}

func isText(form any) bool {
	_, ok := form.(string)
	return ok
}

// ambiguous returns a DuplicateError if the _ids of two users read alike: a string and a value of another type.
func (s *Store) ambiguous(ctx context.Context) error {
	isString := bson.D{{Key: "$type", Value: "string"}}
	switch err := s.users.FindOne(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$not", Value: isString}}}}).Err(); {
	case errors.Is(err, driver.ErrNoDocuments):
		return nil // all are strings
	case err != nil:
		return translate(ctx, err)
	}
	strings, err := collect(s.names(ctx, "_id", bson.D{{Key: "_id", Value: isString}}))
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(strings, 1000) {
		others := bson.A{} // $in takes an array, if need be an empty one
		for _, u := range batch {
			others = append(others, slices.DeleteFunc(idForms(u.id), isText)...)
		}
		for other, err := range s.names(ctx, "_id", bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: others}}}}) {
			if err != nil {
				return err
			}
			return &DuplicateError{Field: "_id", IDs: [2]domain.UserID{other.id, other.id}}
		}
	}
	return nil
}
