package mongo

import (
	"errors"
	"reflect"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var errNoUserID = errors.New("the _id is none of an ObjectId, a string, an integer and a UUID")

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
		{Key: "updatedAt", Value: dateOrNull(u.UpdatedAt)},
	}
}

// userDocument is the document of a new user.
func userDocument(u domain.User) bson.D {
	doc := append(bson.D{{Key: "_id", Value: idValue(u.ID)}}, userFields(u)...)
	return only(append(doc, bson.E{Key: "createdAt", Value: dateOrNull(u.CreatedAt)}, bson.E{Key: "__v", Value: int32(1)}))
}

// readUser is the user that a document holds, whatever wrote it. If some of it cannot be read, the error says what, and
// the user has the rest.
func readUser(doc bson.Raw) (domain.User, error) {
	u := domain.User{
		ID:                 readUserID(doc.Lookup("_id")),
		Username:           domain.RestoreUsername(text(doc, "username")),
		Email:              domain.RestoreEmail(text(doc, "email")),
		Fullname:           text(doc, "fullname"),
		PasswordHash:       domain.NewSecret(text(doc, "password")),
		Avatar:             text(doc, "avatar"),
		CoverImage:         text(doc, "coverImage"),
		CredentialsSession: domain.SessionID(text(doc, "credentialsSession")),
	}
	u.CreatedAt, u.UpdatedAt = dates(doc)
	var noID, noVersion, noCount error
	if u.ID == "" {
		noID = errNoUserID
	}
	u.Version, noVersion = integer(doc, "__v")
	u.CredentialsVersion, noCount = integer(doc, "credentialsVersion")
	if err := errors.Join(noID, noVersion, noCount); err != nil {
		return u, &ports.UnreadableError{ID: idText(doc.Lookup("_id")), Err: err}
	}
	return u, nil
}

// dates are when a user was created and last changed. For a field that is missing or holds no date, the other stands in,
// and for both the time in the ObjectId, if there is one. Null, which Latchkey writes for an unknown date, stays unknown.
func dates(doc bson.Raw) (created, updated time.Time) {
	created, updated = moment(doc, "createdAt"), moment(doc, "updatedAt")
	fallback := created
	if fallback.IsZero() {
		fallback = updated
	}
	if oid, ok := doc.Lookup("_id").ObjectIDOK(); ok && fallback.IsZero() {
		fallback = oid.Timestamp().UTC()
	}
	if created.IsZero() && doc.Lookup("createdAt").Type != bson.TypeNull {
		created = fallback
	}
	if updated.IsZero() && doc.Lookup("updatedAt").Type != bson.TypeNull {
		updated = fallback
	}
	return created, updated
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

// atVersion selects the user with that _id if that is the stored version. Documents that Mongoose did not write may
// have no version.
func atVersion(id bson.RawValue, version int64) bson.D {
	is := bson.E{Key: "__v", Value: version}
	if version == 0 {
		is.Value = bson.D{{Key: "$in", Value: bson.A{0, nil}}}
	}
	return bson.D{{Key: "_id", Value: id}, is}
}
