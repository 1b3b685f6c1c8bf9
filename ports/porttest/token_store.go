package porttest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// TestTokenStore proves an implementation of ports.TokenStore. Each call of open returns a new, empty store that goes
// by the clock now, and registers with t what closes it.
func TestTokenStore(t *testing.T, open func(t *testing.T, now func() time.Time) ports.TokenStore) {
	prove(t, func(t *testing.T) sessions {
		clock := NewClock()
		return sessions{open(t, clock.Now), clock}
	}, sessionThemes)
}

var sessionThemes = []theme[sessions]{
	{"Create", sessionCreateRules},
	{"Read", sessionReadRules},
	{"Update", sessionUpdateRules},
	{"Delete", sessionDeleteRules},
	{"Expiry", sessionExpiryRules},
	{"Values", sessionValueRules},
	{"Copies", sessionCopyRules},
	{"Contexts", sessionContextRules},
	{"Races", sessionRaceRules},
	{"Linearizable", sessionLinearizableRules},
}

// sessions is the store under test with its clock, and the steps that rules are made of.
type sessions struct {
	ports.TokenStore
	clock *Clock
}

// Two users, and how long the sessions of the tests live.
const (
	ann  domain.UserID = "65e0a1b2c3d4e5f601234567"
	bob  domain.UserID = "65e0a1b2c3d4e5f601234568"
	life               = 72 * time.Hour
)

// newSession is a living session with every field set. Its id is made of name.
func (s sessions) newSession(userID domain.UserID, name string) domain.Session {
	now := s.clock.Now()
	session := domain.Session{
		ID:                 domain.SessionID("session-" + name),
		UserID:             userID,
		Generation:         5,
		CreatedAt:          now.Add(-time.Hour),
		RotatedAt:          now.Add(-time.Minute),
		ExpiresAt:          now.Add(life),
		UserAgent:          "Mozilla/5.0 (" + name + ")",
		IP:                 "2001:db8::1",
		CredentialsVersion: 3,
	}
	copy(session.Seed[:], "\x00\xff\x80\x7f seed of "+name)
	return session
}

// newEnded is a session that ended a moment ago.
func (s sessions) newEnded(userID domain.UserID, name string) domain.Session {
	return s.newSession(userID, name).End(domain.EndRevoked, s.clock.Now().Add(-time.Second))
}

// rotated is the session with everything changed that a refresh may change, and more.
func rotated(session domain.Session) domain.Session {
	session.Generation++
	session.RotatedAt = session.RotatedAt.Add(time.Second)
	session.ExpiresAt = session.ExpiresAt.Add(time.Second)
	session.UserAgent += " rotated"
	session.IP = "192.0.2.1"
	session.CredentialsVersion++
	return session
}

// create stores the session and answers it as it is now stored.
func (s sessions) create(t *testing.T, session domain.Session) domain.Session {
	t.Helper()
	wantNoError(t, "Create", s.Create(t.Context(), session))
	session.Version = 1
	return session
}

// update stores the session and answers it as it is now stored.
func (s sessions) update(t *testing.T, session domain.Session) domain.Session {
	t.Helper()
	wantNoError(t, "Update", s.Update(t.Context(), session))
	session.Version++
	return session
}

func (s sessions) deleteByUser(t *testing.T, userID domain.UserID) {
	t.Helper()
	wantNoError(t, "DeleteByUser", s.DeleteByUser(t.Context(), userID))
}

func (s sessions) byUser(t *testing.T, userID domain.UserID) []domain.Session {
	t.Helper()
	all, err := s.ByUser(t.Context(), userID)
	wantNoError(t, "ByUser", err)
	return all
}

// wantStored wants the session from Get.
func (s sessions) wantStored(t *testing.T, want domain.Session) {
	t.Helper()
	got, err := s.Get(t.Context(), want.UserID, want.ID)
	wantNoError(t, "Get", err)
	wantSame(t, "Get", got, want)
}

// wantAbsent wants no such session from Get.
func (s sessions) wantAbsent(t *testing.T, why string, userID domain.UserID, id domain.SessionID) {
	t.Helper()
	_, err := s.Get(t.Context(), userID, id)
	wantError(t, "Get of a session "+why, err, ports.ErrNotFound)
}

// wantAll wants exactly these sessions from ByUser, in this order, and each of them from Get.
func (s sessions) wantAll(t *testing.T, userID domain.UserID, want ...domain.Session) {
	t.Helper()
	got := s.byUser(t, userID)
	if ids(got) != ids(want) {
		t.Errorf("ByUser: got the sessions %s, want %s", ids(got), ids(want))
		return
	}
	for i := range want {
		wantSame(t, "ByUser", got[i], want[i])
		s.wantStored(t, want[i])
	}
}

func ids(all []domain.Session) string {
	list := make([]domain.SessionID, len(all))
	for i, session := range all {
		list[i] = session.ID
	}
	return fmt.Sprintf("%q", list)
}
