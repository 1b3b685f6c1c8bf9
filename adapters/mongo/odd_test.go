package mongo

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// oids are _ids of every type that reads as a user id, and the id.
var oids = map[domain.UserID]any{
	"507f1f77bcf86cd799439011":             bson.ObjectID{0x50, 0x7f, 0x1f, 0x77, 0xbc, 0xf8, 0x6c, 0xd7, 0x99, 0x43, 0x90, 0x11},
	"507f1f77bcf86cd799439012":             "507f1f77bcf86cd799439012",
	"507F1F77BCF86CD799439013":             "507F1F77BCF86CD799439013",
	"42":                                   int32(42),
	"-7":                                   int64(-7),
	"1099511627776":                        float64(1 << 40),
	"007":                                  "007",
	"8":                                    "8",
	"30313233-3435-3637-3839-616263646566": bson.Binary{Subtype: bson.TypeBinaryUUID, Data: []byte("0123456789abcdef")},
	"66656463-6261-3938-3736-353433323130": bson.Binary{Subtype: bson.TypeBinaryUUIDOld, Data: []byte("fedcba9876543210")},
	"d9428888-122b-11e1-b85c-61cd3cbb3210": "d9428888-122b-11e1-b85c-61cd3cbb3210",
}

func TestIDsOfEveryType(t *testing.T) {
	var docs []bson.D
	for id, value := range oids {
		docs = append(docs, bson.D{{Key: "_id", Value: value}, {Key: "email", Value: string(id) + "@x.org"}})
	}
	collection, url := existing(t, docs...)
	users := connectTo(t, url, time.Now).Users()
	for id, value := range oids {
		email := domain.RestoreEmail(string(id) + "@x.org")
		u, err := users.ByLogin(t.Context(), domain.Login{Email: email})
		if err != nil || u.ID != id {
			t.Errorf("signing in as %s finds %q, %v", id, u.ID, err)
			continue
		}
		u.Fullname = "Renamed"
		check(t, users.Update(t.Context(), u))
		u.Version++
		if got, err := users.ByID(t.Context(), id); err != nil || !reflect.DeepEqual(got, u) {
			t.Errorf("%s is %+v (%v) after an update, want %+v", id, got, err, u)
		}
		if n, err := collection.CountDocuments(t.Context(), bson.D{{Key: "_id", Value: value}, {Key: "fullname", Value: "Renamed"}}); err != nil || n != 1 {
			t.Errorf("%d documents have the _id %v and the new name (%v)", n, value, err)
		}
	}
	for id := range oids {
		check(t, users.Delete(t.Context(), id))
	}
	if n, err := collection.CountDocuments(t.Context(), bson.D{}); err != nil || n != 0 {
		t.Errorf("%d documents are left after every user was deleted (%v)", n, err)
	}
}

func TestIDsThatReadAlikeStopTheStart(t *testing.T) {
	// A string like an ObjectId is left out: FerretDB 1 takes the two for the same _id, so both cannot be there.
	for _, id := range []domain.UserID{"42", "30313233-3435-3637-3839-616263646566"} {
		t.Run(string(id), func(t *testing.T) {
			_, url := existing(t, bson.D{{Key: "_id", Value: oids[id]}}, bson.D{{Key: "_id", Value: string(id)}})
			_, err := Connect(t.Context(), url, time.Now)
			duplicate, ok := errors.AsType[*DuplicateError](err)
			if !ok || duplicate.Field != "_id" || !strings.Contains(err.Error(), string(id)) {
				t.Errorf("got %v, want a DuplicateError that names %s", err, id)
			}
		})
	}
}

// unreadable are users of whom no user can be read, and what an error says of each.
var unreadable = map[string]bson.D{
	"true":                     {{Key: "_id", Value: true}},
	"1.5":                      {{Key: "_id", Value: 1.5}},
	"part":                     {{Key: "_id", Value: bson.D{{Key: "part", Value: 7}}}},
	"000000000000000000000001": {{Key: "_id", Value: bson.ObjectID{11: 1}}, {Key: "__v", Value: nil}},
	"000000000000000000000002": {{Key: "_id", Value: bson.ObjectID{11: 2}}, {Key: "credentialsVersion", Value: "many"}},
}

func TestOneOddDocumentAmongMany(t *testing.T) {
	var docs []bson.D
	for i := range 30 {
		docs = append(docs, user(byte(10+i), "email", fmt.Sprintf("user-%d@x.org", i)))
	}
	for name, doc := range unreadable {
		docs = slices.Insert(docs, len(docs)/2, append(doc, bson.E{Key: "email", Value: name + "@x.org"}))
	}
	_, url := existing(t, docs...)
	s := connectTo(t, url, time.Now)

	named, err := s.Unreadable(t.Context())
	check(t, err)
	wantNamed(t, named)

	var listed int
	var failed []error
	for _, err := range s.Users().All(t.Context()) {
		if err != nil {
			failed = append(failed, err)
			continue
		}
		listed++
	}
	if listed != 30 {
		t.Errorf("All returns %d users, want 30", listed)
	}
	wantNamed(t, failed)

	_, err = s.Users().ByLogin(t.Context(), domain.Login{Email: domain.RestoreEmail("user-29@x.org")})
	check(t, err)
	for name := range unreadable {
		email := domain.RestoreEmail(name + "@x.org")
		if _, err := s.Users().ByLogin(t.Context(), domain.Login{Email: email}); !isUnreadable(err) {
			t.Errorf("signing in as %s: got %v, want an UnreadableError", email, err)
		}
		err := s.Users().Create(t.Context(), domain.User{ID: domain.NewUserID(time.Now()), Email: email})
		if !errors.Is(err, domain.UserExists()) {
			t.Errorf("registering %s: got %v, want that it is taken", email, err)
		}
	}
}

// wantNamed checks that the errors name exactly the unreadable users.
func wantNamed(t *testing.T, errs []error) {
	t.Helper()
	for name := range unreadable {
		if !slices.ContainsFunc(errs, func(err error) bool { return isUnreadable(err) && strings.Contains(err.Error(), name) }) {
			t.Errorf("%v name no user %s", errs, name)
		}
	}
	if len(errs) != len(unreadable) {
		t.Errorf("there are %d errors, want %d: %v", len(errs), len(unreadable), errs)
	}
}

func isUnreadable(err error) bool {
	_, ok := errors.AsType[*ports.UnreadableError](err)
	return ok
}

func TestDatesAsOthersWriteThem(t *testing.T) {
	want := time.Date(2021, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, value := range map[string]any{
		"date":         bson.DateTime(want.UnixMilli()),
		"toISOString":  "2021-03-04T05:06:07.000Z",
		"with a zone":  "2021-03-04T07:06:07+02:00",
		"toString":     "Thu Mar 04 2021 06:06:07 GMT+0100 (Central European Standard Time)",
		"toUTCString":  "Thu, 04 Mar 2021 05:06:07 GMT",
		"milliseconds": want.UnixMilli(),
		"double":       float64(want.UnixMilli()),
		"timestamp":    bson.Timestamp{T: uint32(want.Unix())},
	} {
		doc := stored(t, bson.D{{Key: "_id", Value: "ada"}, {Key: "createdAt", Value: value}})
		u, err := readUser(doc)
		if err != nil || u.CreatedAt != want || u.UpdatedAt != want {
			t.Errorf("%s: the user was created %s and updated %s (%v), want %s", name, u.CreatedAt, u.UpdatedAt, err, want)
		}
	}
	for _, value := range []any{"soon", true, "", int32(0), bson.D{}} {
		doc := stored(t, bson.D{{Key: "_id", Value: bson.NewObjectIDFromTimestamp(want)}, {Key: "updatedAt", Value: value}})
		if u, err := readUser(doc); err != nil || u.CreatedAt != want || u.UpdatedAt != want {
			t.Errorf("%v: the user was created %s and updated %s (%v), want what the _id says", value, u.CreatedAt, u.UpdatedAt, err)
		}
	}
}
