package redis

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports/porttest"
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
