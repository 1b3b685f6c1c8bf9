package porttest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// listed is how many values a store is filled with: more than any page of an engine that reads in pages.
const listed = 1_200

// ListedUsers is a repository that can be copied from.
type ListedUsers interface {
	ports.UserRepository
	ports.UserLister
}

// ListedSessions is a store that can be copied from.
type ListedSessions interface {
	ports.TokenStore
	ports.SessionLister
}

// TestUserLister proves that a repository hands out everything it has. It calls open for an empty one for each rule.
func TestUserLister(t *testing.T, open func(t *testing.T) ListedUsers) {
	t.Run("NothingOfNothing", func(t *testing.T) { wantListed(t, open(t).All, idOfUser, nil) })
	t.Run("EveryUserWhole", func(t *testing.T) {
		s, want := open(t), map[string]domain.User{}
		fill(t, func(i int) error {
			u := newUser(fmt.Sprintf("listed-%d", i))
			u.Version = 1
			want[idOfUser(u)] = u
			return s.Create(t.Context(), u)
		})
		wantListed(t, s.All, idOfUser, want)
		wantListed(t, s.All, idOfUser, want) // again, from the start
	})
	t.Run("StopsWhenAsked", func(t *testing.T) {
		s := open(t)
		fill(t, func(i int) error { return s.Create(t.Context(), newUser(fmt.Sprintf("listed-%d", i))) })
		wantStop(t, s.All)
	})
	t.Run("EndsWithItsContext", func(t *testing.T) {
		s := open(t)
		wantNoError(t, "Create", s.Create(t.Context(), newUser("listed")))
		wantEnd(t, s.All)
	})
}

// TestSessionLister proves that a store hands out every session that is not forgotten.
func TestSessionLister(t *testing.T, open func(t *testing.T, now func() time.Time) ListedSessions) {
	t.Run("NothingOfNothing", func(t *testing.T) { wantListed(t, open(t, time.Now).All, idOfSession, nil) })
	t.Run("EverySessionWhole", func(t *testing.T) {
		clock := NewClock()
		s, want := open(t, clock.Now), map[string]domain.Session{}
		maker := sessions{TokenStore: s, clock: clock}
		fill(t, func(i int) error {
			session := maker.newSession(domain.UserID(fmt.Sprintf("user-%d", i/3)), fmt.Sprintf("session-%d", i))
			session.Version = 1
			want[idOfSession(session)] = session
			return s.Create(t.Context(), session)
		})
		wantListed(t, s.All, idOfSession, want)
		wantListed(t, s.All, idOfSession, want)
	})
	t.Run("NothingForgotten", func(t *testing.T) {
		clock := NewClock()
		s := open(t, clock.Now)
		maker := sessions{TokenStore: s, clock: clock}
		session := maker.newSession("user", "session")
		wantNoError(t, "Create", s.Create(t.Context(), session))
		clock.Set(session.KeptUntil())
		wantListed(t, s.All, idOfSession, nil)
	})
	t.Run("EndsWithItsContext", func(t *testing.T) {
		clock := NewClock()
		s := open(t, clock.Now)
		maker := sessions{TokenStore: s, clock: clock}
		wantNoError(t, "Create", s.Create(t.Context(), maker.newSession("user", "session")))
		wantEnd(t, s.All)
	})
}

func idOfUser(u domain.User) string { return string(u.ID) }

func idOfSession(s domain.Session) string { return string(s.UserID) + " " + string(s.ID) }

// fill creates the values that are to be listed, some at a time.
func fill(t *testing.T, create func(i int) error) {
	t.Helper()
	for i := range listed {
		wantNoError(t, "Create", create(i))
	}
}

// wantListed checks that exactly these values are handed out, each at least once.
func wantListed[T any](t *testing.T, all func(context.Context) iter.Seq2[T, error], id func(T) string, want map[string]T) {
	t.Helper()
	seen := map[string]bool{}
	for got, err := range all(t.Context()) {
		wantNoError(t, "All", err)
		expected, ok := want[id(got)]
		if !ok {
			t.Fatalf("All hands out %s, which should not be there", id(got))
		}
		wantSame(t, "All", got, expected)
		seen[id(got)] = true
	}
	if len(seen) != len(want) {
		t.Errorf("All hands out %d values of %d", len(seen), len(want))
	}
}

func wantStop[T any](t *testing.T, all func(context.Context) iter.Seq2[T, error]) {
	t.Helper()
	n := 0
	for _, err := range all(t.Context()) {
		wantNoError(t, "All", err)
		if n++; n == 3 {
			break // a second yield after this panics
		}
	}
}

func wantEnd[T any](t *testing.T, all func(context.Context) iter.Seq2[T, error]) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var last error
	for _, err := range all(ctx) {
		last = err
	}
	if !errors.Is(last, ports.ErrUnavailable) || !errors.Is(last, context.Canceled) {
		t.Errorf("All of a cancelled context ends with %v, want ErrUnavailable wrapping it", last)
	}
}
