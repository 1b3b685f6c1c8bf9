package mongo

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// damage checks that an error about a document is neither the engine's nor an absence: asking again would not help.
func damage(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, ports.ErrUnavailable) || errors.Is(err, ports.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// seedDocument is a document as the corpora hold it.
func seedDocument(f *testing.F, doc any) []byte {
	data, err := bson.Marshal(doc)
	if err != nil {
		f.Fatal(err)
	}
	return data
}

// stored is what the engine would hand back of a document.
func stored(t *testing.T, doc bson.D) bson.Raw {
	t.Helper()
	data, err := bson.Marshal(doc)
	if err != nil {
		t.Fatalf("cannot be stored: %v", err)
	}
	return data
}

// someone is a user with every field.
func someone() domain.User {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)
	return domain.User{
		ID: "0123456789abcdef01234567", Username: domain.RestoreUsername("ada"), Email: domain.RestoreEmail("ada@example.org"),
		Fullname: "Ada", PasswordHash: domain.NewSecret("$2b$10$x"), Avatar: "/images/a.png", CoverImage: "/images/b.png",
		CreatedAt: at, UpdatedAt: at, CredentialsVersion: 2, CredentialsSession: "s", Version: 3,
	}
}

// FuzzUserDocument: whoever wrote a document, it is an error or a user, who is the same when stored and read again.
func FuzzUserDocument(f *testing.F) {
	f.Add(seedDocument(f, userDocument(someone())))
	f.Fuzz(func(t *testing.T, doc []byte) {
		u, err := readUser(doc)
		if err != nil {
			damage(t, err)
			return
		}
		rewritten := stored(t, userDocument(u))
		again, err := readUser(rewritten)
		again.Version = u.Version // Create starts anew
		if err != nil || !reflect.DeepEqual(again, u) {
			t.Errorf("%+v is stored as %+v, %v", u, again, err)
		}
		stored(t, userChanges(domain.User{}, u))
		stored(t, atVersion(rewritten.Lookup("_id"), u.Version))
	})
}

// FuzzSessionDocument is FuzzUserDocument for sessions, with a seed of just so many bytes.
func FuzzSessionDocument(f *testing.F) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)
	s := domain.NewSession(someone(), domain.Client{IP: "192.0.2.1", UserAgent: "test"}, at, domain.SessionPolicy{RefreshTTL: time.Hour, MaxAge: time.Hour})
	s.ID, s.Seed = "s", domain.Seed{1, 2, 3}
	f.Add(seedDocument(f, sessionDocument(s)))
	f.Add(seedDocument(f, sessionDocument(s.End(domain.EndRevoked, at))))
	f.Fuzz(func(t *testing.T, doc []byte) {
		s, err := readSession(doc)
		if err != nil {
			damage(t, err)
			return
		}
		again, err := readSession(stored(t, sessionDocument(s)))
		again.Version = s.Version // Create starts anew
		if err != nil || again != s {
			t.Errorf("%+v is stored as %+v, %v", s, again, err)
		}
		stored(t, sessionChanges(s))
	})
}
