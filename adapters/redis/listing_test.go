package redis

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestListing(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		porttest.TestUserLister(t, func(t *testing.T) porttest.ListedUsers {
			return connect(t, empty(t), time.Now).Users()
		})
		porttest.TestSessionLister(t, func(t *testing.T, now func() time.Time) porttest.ListedSessions {
			return connect(t, empty(t), now).Sessions()
		})
	})
}

// TestKeysTellWhoseTheyAre has ids that look like parts of other keys.
func TestKeysTellWhoseTheyAre(t *testing.T) {
	for _, id := range []domain.UserID{"65e0a1b2c3d4e5f601234567", "", "{}", "a}:session:b", "a}:intents", "%7D", "é/?#\x00\xff"} {
		if got, ok := parseUserKey(userKey(id)); got != id || !ok {
			t.Errorf("the record of %q is taken for that of %q (%t)", id, got, ok)
		}
		for _, other := range []string{intentsKey(id), indexKey(id), sessionKey(id, "x}"), "latchkey:email:" + userKey(id)} {
			if got, ok := parseUserKey(other); ok {
				t.Errorf("%q is taken for the record of %q", other, got)
			}
		}
		for _, session := range []domain.SessionID{"one", "", "x}", ":session:"} {
			if gotID, got, ok := parseSessionKey(sessionKey(id, session)); gotID != id || got != session || !ok {
				t.Errorf("session %q of %q is taken for %q of %q (%t)", session, id, got, gotID, ok)
			}
		}
		for _, other := range []string{userKey(id), intentsKey(id), indexKey(id)} {
			if _, got, ok := parseSessionKey(other); ok {
				t.Errorf("%q is taken for the session %q", other, got)
			}
		}
	}
}

func TestListingsGoPastDamagedValues(t *testing.T) {
	s := connect(t, engines.Redis(t), time.Now)
	ann := user("ann")
	noError(t, s.Users().Create(t.Context(), ann))
	noError(t, s.Sessions().Create(t.Context(), session("one", time.Now().Add(time.Hour))))
	for _, key := range []string{userKey("damaged"), sessionKey("ann", "damaged")} {
		noError(t, s.client.Set(t.Context(), key, "not ours", 0).Err())
	}
	wantOneOfEach(t, s.Users().All(t.Context()))
	wantOneOfEach(t, s.Sessions().All(t.Context()))
}

// wantOneOfEach checks that a listing holds one value, and one that cannot be read and is named.
func wantOneOfEach[T any](t *testing.T, all iter.Seq2[T, error]) {
	t.Helper()
	var read, unreadable int
	for _, err := range all {
		if err == nil {
			read++
			continue
		}
		odd, ok := errors.AsType[*ports.UnreadableError](err)
		if !ok || odd.ID != "damaged" {
			t.Fatalf("got %v, want an UnreadableError that names the value", err)
		}
		unreadable++
	}
	if read != 1 || unreadable != 1 {
		t.Errorf("%d values were read and %d were not, want 1 and 1", read, unreadable)
	}
}
