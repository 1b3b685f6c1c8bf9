package mongo

import (
	"errors"
	"fmt"
	"reflect"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
)

var errNoUserID = errors.New("the _id is neither an ObjectId nor a text")

// userFields is what a user's document holds and Update may change, nil for what is not given. Those that are not given
// are absent from the document, so that the unique indexes pass it over.
func userFields(u domain.User) bson.D {
	return bson.D{
		{Key: "username", Value: given(u.Username.String())},
		{Key: "email", Value: given(u.Email.String())},
		{Key: "fullname", Value: given(u.Fullname)},
		{Key: "avatar", Value: given(u.Avatar)},
		{Key: "coverImage", Value: given(u.CoverImage)},
		{Key: "password", Value: given(u.PasswordHash.Reveal())},
		{Key: "credentialsVersion", Value: count(u.CredentialsVersion)},
		{Key: "credentialsSession", Value: given(string(u.CredentialsSession))},
		{Key: "updatedAt", Value: date(u.UpdatedAt)},
	}
}

// userDocument is the document of a new user.
func userDocument(u domain.User) bson.D {
	doc := append(bson.D{{Key: "_id", Value: idValue(u.ID)}}, userFields(u)...)
	return only(append(doc, bson.E{Key: "createdAt", Value: date(u.CreatedAt)}, bson.E{Key: "__v", Value: int32(1)}))
}

// readUser is the user that a document holds, whoever wrote it.
func readUser(doc bson.Raw) (domain.User, error) {
	u := domain.User{
		ID:                 userID(doc.Lookup("_id")),
		Username:           domain.RestoreUsername(text(doc, "username")),
		Email:              domain.RestoreEmail(text(doc, "email")),
		Fullname:           text(doc, "fullname"),
		PasswordHash:       domain.NewSecret(text(doc, "password")),
		Avatar:             text(doc, "avatar"),
		CoverImage:         text(doc, "coverImage"),
		CreatedAt:          moment(doc, "createdAt"),
		UpdatedAt:          moment(doc, "updatedAt"),
		CredentialsSession: domain.SessionID(text(doc, "credentialsSession")),
	}
	var noID, noVersion, noCount error
	if u.ID == "" {
		noID = errNoUserID
	}
	u.Version, noVersion = integer(doc, "__v")
	u.CredentialsVersion, noCount = integer(doc, "credentialsVersion")
	if err := errors.Join(noID, noVersion, noCount); err != nil {
		return domain.User{}, fmt.Errorf("read user %s: %w", u.ID, err)
	}
	return u, nil
}

// userChanges is the update that makes the one user of the other, and touches no field that stays the same: an email
// in mixed case stays so until the user has another.
func userChanges(stored, u domain.User) bson.D {
	var set, unset bson.D
	was := userFields(stored)
	for i, f := range userFields(u) {
		switch {
		case reflect.DeepEqual(f, was[i]):
		case f.Value == nil:
			unset = append(unset, bson.E{Key: f.Key, Value: ""})
		default:
			set = append(set, f)
		}
	}
	// $inc keeps the type of the number that is there.
	changes := bson.D{{Key: "$inc", Value: bson.D{{Key: "__v", Value: int32(1)}}}}
	if set != nil {
		changes = append(changes, bson.E{Key: "$set", Value: set})
	}
	if unset != nil {
		changes = append(changes, bson.E{Key: "$unset", Value: unset})
	}
	return changes
}

// atVersion selects the user if that is the stored version. Documents that Mongoose did not write may have none.
func atVersion(u domain.User) bson.D {
	version := bson.E{Key: "__v", Value: u.Version}
	if u.Version == 0 {
		version.Value = bson.D{{Key: "$in", Value: bson.A{0, nil}}}
	}
	return bson.D{{Key: "_id", Value: idValue(u.ID)}, version}
}
