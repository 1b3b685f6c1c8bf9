package redis

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// damage checks that an error about a record is neither the engine's nor an absence: asking again would not help.
func damage(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, ports.ErrUnavailable) || errors.Is(err, ports.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// sessionValue is a session as the script stores it.
func sessionValue(s domain.Session) string {
	return strconv.FormatInt(s.Version, 10) + " " + strconv.FormatInt(s.KeptUntil().UnixMilli(), 10) + " " + birth(s) + state(s)
}

// FuzzSessionRecord: whatever is stored is an error or a session, which is the same when stored and read again.
func FuzzSessionRecord(f *testing.F) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)
	s := domain.NewSession(domain.User{ID: "u"}, domain.Client{IP: "192.0.2.1", UserAgent: "test"}, at, domain.SessionPolicy{RefreshTTL: time.Hour, MaxAge: time.Hour})
	s.Seed, s.Version = domain.Seed{1, 2, 3}, 1
	f.Add(sessionValue(s))
	f.Add(sessionValue(s.End(domain.EndRevoked, at)))
	f.Fuzz(func(t *testing.T, value string) {
		s, err := restoreSession("u", "s", value)
		if err != nil {
			damage(t, err)
			if len(value) > 8 && strings.Contains(err.Error(), value[:8]) {
				t.Errorf("%v shows what may be the seed", err)
			}
			return
		}
		if again, err := restoreSession("u", "s", sessionValue(s)); err != nil || again != s {
			t.Errorf("%+v is stored as %+v, %v", s, again, err)
		}
		// The scripts compare the version as a text: written otherwise, it would be stale for ever.
		if version, _, _ := strings.Cut(value, " "); version != strconv.FormatInt(s.Version, 10) {
			t.Errorf("version %q is read as %d", version, s.Version)
		}
	})
}

// FuzzUserRecord is FuzzSessionRecord for users, with the names that they have claimed.
func FuzzUserRecord(f *testing.F) {
	f.Add(encode(userRecord{Username: "ada", Email: "ada@example.org", PasswordHash: "$2b$10$x", Version: 1, EmailIntent: "i", CredentialsSession: "s"}))
	f.Fuzz(func(t *testing.T, value string) {
		record, err := restoreStored(value)
		if err != nil {
			damage(t, err)
			return
		}
		u := record.user("u")
		again, err := restoreStored(encode(newUserRecord(u)))
		if err != nil || !reflect.DeepEqual(again.user("u"), u) {
			t.Errorf("%+v is stored as %+v, %v", u, again.user("u"), err)
		}
		next := newUserRecord(u)
		next.Version++
		if gained, lost := next.inherit(newUserRecord(u), "another"); len(gained)+len(lost) > 0 {
			t.Errorf("%+v, unchanged, gains %v and loses %v", u, gained, lost)
		}
	})
}

// FuzzKey: two users never share a key, nor does one reach into another's with a strange id.
func FuzzKey(f *testing.F) {
	f.Add("0123456789abcdef01234567", "s")
	f.Fuzz(func(t *testing.T, user, session string) {
		key := sessionKey(domain.UserID(user), domain.SessionID(session))
		if userID, id, ok := parseSessionKey(key); !ok || userID != domain.UserID(user) || id != domain.SessionID(session) {
			t.Errorf("%q is of %q and %q, %t", key, userID, id, ok)
		}
		if id, ok := parseUserKey(userKey(domain.UserID(user))); !ok || id != domain.UserID(user) {
			t.Errorf("the key of %q is that of %q, %t", user, id, ok)
		}
		// What stands in the first braces decides on the slot, unless it is empty.
		_, tag, _ := strings.Cut(key, "{")
		if tag, _, _ = strings.Cut(tag, "}"); tag == "" || !strings.HasPrefix(indexKey(domain.UserID(user)), "latchkey:{"+tag+"}") {
			t.Errorf("%q is in another slot than its user's index", key)
		}
	})
}
