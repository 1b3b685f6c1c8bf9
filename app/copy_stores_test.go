package app_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

// side is one pair of stores.
type side struct {
	users    *memory.Users
	sessions *memory.Sessions
}

func newSide(clock *porttest.Clock) side {
	return side{memory.NewUsers(), memory.NewSessions(clock.Now)}
}

// people fills a side with n users and two sessions of each, one of which has ended.
func (s side) people(t *testing.T, clock *porttest.Clock, n int) {
	t.Helper()
	now := clock.Now()
	for i := range n {
		u := domain.User{
			ID: domain.UserID(fmt.Sprintf("%024d", i)), Email: domain.RestoreEmail(fmt.Sprintf("%d@example.org", i)),
			PasswordHash: domain.NewSecret("hash"), CreatedAt: now, UpdatedAt: now,
		}
		living := domain.NewSession(u, home, now, policy)
		ended := domain.NewSession(u, office, now, policy).End(domain.EndRevoked, now)
		if err := errors.Join(s.users.Create(t.Context(), u), s.sessions.Create(t.Context(), living), s.sessions.Create(t.Context(), ended)); err != nil {
			t.Fatal(err)
		}
	}
}

func copyBetween(from, to side, clock *porttest.Clock) app.CopyStores {
	return app.CopyStores{FromUsers: from.users, FromSessions: from.sessions, ToUsers: to.users, ToSessions: to.sessions, Now: clock.Now}
}

// wantCopied checks the counts, and whether the sums agree.
func wantCopied(t *testing.T, what string, got app.Copied, written, same, newer int) {
	t.Helper()
	if got.Written != written || got.Same != same || got.Newer != newer {
		t.Errorf("%s: %+v, want %d written, %d same, %d newer", what, got, written, same, newer)
	}
	if !got.Equal() || got.From.Count != written+same {
		t.Errorf("%s: the source has %v, the target %v", what, got.From, got.To)
	}
}

func TestACopyHoldsAllAndASecondChangesNothing(t *testing.T) {
	clock := porttest.NewClock()
	from, to := newSide(clock), newSide(clock)
	from.people(t, clock, 100)
	report, err := copyBetween(from, to, clock).Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantCopied(t, "users", report.Users, 100, 0, 0)
	wantCopied(t, "sessions", report.Sessions, 200, 0, 0)
	again, err := copyBetween(from, to, clock).Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantCopied(t, "users again", again.Users, 0, 100, 0)
	wantCopied(t, "sessions again", again.Sessions, 0, 200, 0)
	if report.Users.From != again.Users.From || report.Sessions.From != again.Sessions.From {
		t.Error("the sums depend on the order of values")
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	clock := porttest.NewClock()
	from, to := newSide(clock), newSide(clock)
	from.people(t, clock, 3)
	dry := copyBetween(from, to, clock)
	dry.DryRun = true
	report, err := dry.Do(t.Context())
	if err != nil || report.Users.Written != 3 || report.Sessions.Written != 6 {
		t.Errorf("%+v, %v", report, err)
	}
	for range to.users.All(t.Context()) {
		t.Fatal("a user was written")
	}
}

func TestACopyBringsUpToDateAndLeavesWhatIsNewer(t *testing.T) {
	clock := porttest.NewClock()
	from, to := newSide(clock), newSide(clock)
	from.people(t, clock, 2)
	if _, err := copyBetween(from, to, clock).Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Minute)
	rotate(t, from, "000000000000000000000000", clock) // the source went on with the first user
	rotate(t, to, "000000000000000000000001", clock)   // the target is in use by the second
	report, err := copyBetween(from, to, clock).Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantCopied(t, "users", report.Users, 1, 0, 1)
	wantCopied(t, "sessions", report.Sessions, 1, 2, 1)
}

// rotate changes the user's name, and refreshes the living session.
func rotate(t *testing.T, s side, id domain.UserID, clock *porttest.Clock) {
	t.Helper()
	u, err := s.users.ByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	u.Fullname, u.UpdatedAt = "Changed", clock.Now()
	if err := s.users.Update(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	all, err := s.sessions.ByUser(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, session := range all {
		if session.Ended() {
			continue
		}
		next, _ := session.Redeem(session.Generation, clock.Now(), policy)
		if err := s.sessions.Update(t.Context(), next); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACopyThatMeetsAnotherOwnerOfANameSaysWho(t *testing.T) {
	clock := porttest.NewClock()
	from, to := newSide(clock), newSide(clock)
	from.people(t, clock, 1)
	other := domain.User{ID: "other", Email: domain.RestoreEmail("0@example.org")}
	if err := to.users.Create(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	_, err := copyBetween(from, to, clock).Do(t.Context())
	if !errors.Is(err, domain.UserExists("email")) {
		t.Fatalf("got %v", err)
	}
	if want := "users: 000000000000000000000000: user_exists: email: is already in use"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

// forgetful answers writes that it does not make.
type forgetful struct{ ports.UserRepository }

func (forgetful) Create(context.Context, domain.User) error { return nil }

func TestAStoreThatLosesWritesIsFoundOut(t *testing.T) {
	clock := porttest.NewClock()
	from, to := newSide(clock), newSide(clock)
	from.people(t, clock, 1)
	lossy := copyBetween(from, to, clock)
	lossy.ToUsers = forgetful{to.users}
	if _, err := lossy.Do(t.Context()); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
