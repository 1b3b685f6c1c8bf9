package mongo

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

// existing is a collection of users that somebody else made, and the URL of its database.
func existing(t *testing.T, docs ...bson.D) (*driver.Collection, string) {
	t.Helper()
	url := engines.Mongo(t)
	client, err := driver.Connect(options.Client().ApplyURI(url))
	check(t, err)
	t.Cleanup(func() { check(t, client.Disconnect(context.Background())) })
	name, err := databaseOf(url)
	check(t, err)
	users := client.Database(name).Collection("users")
	for _, doc := range docs {
		_, err := users.InsertOne(t.Context(), doc)
		check(t, err)
	}
	return users, url
}

func user(id byte, field string, name any) bson.D {
	return bson.D{{Key: "_id", Value: bson.ObjectID{11: id}}, {Key: field, Value: name}}
}

func TestDuplicatesStopTheStart(t *testing.T) {
	ids := [2]domain.UserID{"000000000000000000000001", "000000000000000000000002"}
	for name, docs := range map[string][]bson.D{
		"same email":                       {user(1, "email", "ada@x.org"), user(2, "email", "ada@x.org")},
		"same username":                    {user(1, "username", "ada"), user(2, "username", "ada")},
		"emails that differ by case":       {user(1, "email", "ada@x.org"), user(2, "email", "Ada@X.org")},
		"emails that differ by other case": {user(1, "email", "ADA@x.org"), user(2, "email", "Ada@X.org")},
		"usernames that differ by case":    {user(1, "username", "Ada"), user(2, "username", "ada")},
		"emails beyond ASCII":              {user(1, "email", "ÄDA@x.org"), user(2, "email", "äda@x.org")},
	} {
		t.Run(name, func(t *testing.T) {
			_, url := existing(t, append(docs, user(3, "email", "other@x.org"))...)
			_, err := Connect(t.Context(), url, time.Now)
			duplicate, ok := errors.AsType[*DuplicateError](err)
			if !ok {
				t.Fatalf("got the error %v, want a DuplicateError", err)
			}
			slices.Sort(duplicate.IDs[:])
			if duplicate.IDs != ids || !strings.Contains(err.Error(), string(ids[0])) || !strings.Contains(err.Error(), string(ids[1])) {
				t.Errorf("got %v, want it to name %v", err, ids)
			}
		})
	}
}

func TestNoDuplicates(t *testing.T) {
	_, url := existing(t,
		user(1, "username", nil), user(2, "username", nil), user(3, "username", ""), user(4, "username", ""),
		user(5, "email", "strasse@x.org"), user(6, "email", "straße@x.org"), user(7, "email", 7), user(8, "email", 7),
		user(9, "username", "Ada"), user(10, "email", "Ada"))
	s := connectTo(t, url, time.Now)
	check(t, connectTo(t, url, time.Now).Ping(t.Context())) // a second time, with the indexes there
	for _, name := range []string{"one", "two"} {
		check(t, s.Users().Create(t.Context(), domain.User{ID: domain.NewUserID(time.Now()), Email: domain.RestoreEmail(name)}))
	}
}

func TestIndexesOfOthersAreKept(t *testing.T) {
	users, url := existing(t, user(1, "email", "Ada@x.org"))
	unique := options.Index().SetUnique(true)
	for _, index := range []driver.IndexModel{
		{Keys: bson.D{{Key: "email", Value: 1}}, Options: unique},
		{Keys: bson.D{{Key: "username", Value: 1}}}, // not even unique
		{Keys: bson.D{{Key: "fullname", Value: 1}}, Options: options.Index().SetName("latchkey_email")},
	} {
		_, err := users.Indexes().CreateOne(t.Context(), index)
		check(t, err)
	}
	s := connectTo(t, url, time.Now)
	check(t, s.Users().Create(t.Context(), domain.User{
		ID: domain.NewUserID(time.Now()), Email: domain.RestoreEmail("bob@x.org"), Username: domain.RestoreUsername("bob"),
	}))
	err := s.Users().Create(t.Context(), domain.User{ID: domain.NewUserID(time.Now()), Username: domain.RestoreUsername("bob")})
	if !errors.Is(err, domain.UserExists()) {
		t.Errorf("a username that is taken: %v", err)
	}
	kept := names(t, users)
	for _, name := range []string{"email_1", "username_1", "latchkey_email"} {
		if !slices.Contains(kept, name) {
			t.Errorf("the index %s is gone: there are %v", name, kept)
		}
	}
}

func names(t *testing.T, c *driver.Collection) (all []string) {
	t.Helper()
	indexes, err := c.Indexes().ListSpecifications(t.Context())
	check(t, err)
	for _, index := range indexes {
		all = append(all, index.Name)
	}
	return all
}

func TestIndexesAreMade(t *testing.T) {
	s := connectTo(t, engines.Mongo(t), time.Now)
	for _, field := range []string{"email", "username"} {
		if unique, err := s.isUnique(t.Context(), field); err != nil || !unique {
			t.Errorf("no unique index of %s (%v): there are %v", field, err, names(t, s.users))
		}
	}
	if !slices.Contains(names(t, s.sessions), "latchkey_user") {
		t.Errorf("the sessions have the indexes %v", names(t, s.sessions))
	}
}
