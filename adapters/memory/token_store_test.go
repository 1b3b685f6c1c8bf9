package memory

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestSessions(t *testing.T) {
	porttest.TestTokenStore(t, func(_ *testing.T, now func() time.Time) ports.TokenStore { return NewSessions(now) })
}

// TestMillionSignIns signs a million people in and out again, one a minute: those that a day keeps are all there is.
func TestMillionSignIns(t *testing.T) {
	const people, aDay = 1_000_000, 24 * 60
	clock := porttest.NewClock()
	store := NewSessions(clock.Now)
	for i := range people {
		s := domain.Session{ID: "session", UserID: domain.UserID(fmt.Sprint(i)), ExpiresAt: clock.Now().Add(15 * 24 * time.Hour)}
		if err := store.Create(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		s.Version = 1
		if err := store.Update(t.Context(), s.End(domain.EndSignedOut, clock.Now())); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute)
		if kept := len(store.byDeath); kept > aDay || kept != len(store.byUser) {
			t.Fatalf("after %d sign-ins %d sessions of %d users are kept, want at most %d", i, kept, len(store.byUser), aDay)
		}
	}
}

// TestDeletedAreNotKept deletes sessions long before they expire.
func TestDeletedAreNotKept(t *testing.T) {
	clock := porttest.NewClock()
	store := NewSessions(clock.Now)
	for i := range 1000 {
		s := domain.Session{ID: domain.SessionID(fmt.Sprint(i)), UserID: "ann", ExpiresAt: clock.Now().Add(time.Hour)}
		if err := store.Create(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.DeleteByUser(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	if len(store.byDeath) != 0 || len(store.byUser) != 0 {
		t.Errorf("%d sessions of %d users are kept, want none", len(store.byDeath), len(store.byUser))
	}
}
