package domain_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

func TestAClosedUserTakesNoChangesForAMinute(t *testing.T) {
	user := domain.User{ID: "u1", Avatar: "a", CoverImage: "c", Fullname: "Ada"}
	closed := user.Close(start)
	if want := (domain.User{ID: "u1", Fullname: "Ada", UpdatedAt: start, CredentialsSession: closed.CredentialsSession}); !reflect.DeepEqual(closed, want) {
		t.Errorf("closed is %+v; want %+v", closed, want)
	}
	for _, c := range []struct {
		what string
		u    domain.User
		at   time.Time
		want bool
	}{
		{"not closed", user, start, false},
		{"just closed", closed, start, true},
		{"closed, by a clock that lags", closed, start.Add(-time.Hour), true},
		{"a moment before the minute is over", closed, start.Add(time.Minute - tick), true},
		{"a minute later", closed, start.Add(time.Minute), false},
		{"closed again", closed.Close(start.Add(time.Minute)), start.Add(time.Minute), true},
		{"reopened", closed.Reopen(), start, false},
		{"with another password", closed.ChangePassword(domain.NewSecret("h"), "s1", start), start, false},
	} {
		if got := c.u.Closed(c.at); got != c.want {
			t.Errorf("%s: closed %t; want %t", c.what, got, c.want)
		}
	}
}

// Whoever asked for the deletion can ask again, also in the session that set the password.
func TestClosingEndsNoSession(t *testing.T) {
	user := domain.User{ID: "u1"}
	before, other := domain.NewSession(user, domain.Client{}, start, policy), domain.NewSession(user, domain.Client{}, start, policy)
	user = user.ChangePassword(domain.NewSecret("h"), before.ID, start)
	after := domain.NewSession(user, domain.Client{}, start, policy)
	closed := user.Close(start)
	for what, u := range map[string]domain.User{"closed": closed, "closed twice": closed.Close(start), "reopened": closed.Reopen()} {
		if !u.Honours(before) || !u.Honours(after) || u.Honours(other) || u.Honours(domain.Session{UserID: "u1", CredentialsVersion: -1}) {
			t.Errorf("%s, the user honours other sessions than before", what)
		}
	}
	if got := closed.Close(start).Reopen().CredentialsSession; got != before.ID {
		t.Errorf("reopened, the session of the password is %q", got)
	}
}

func TestClosedAsAnother(t *testing.T) {
	closed := domain.User{ID: "u1", Version: 3}.Close(start)
	written := closed
	written.Version++
	for what, c := range map[string]struct {
		u    domain.User
		want bool
	}{
		"stored":                     {closed, true},
		"written since":              {written, false},
		"closed by another deletion": {closed.Close(start.Add(tick)), false},
		"changed by somebody else":   {domain.User{ID: "u1", Version: 3, UpdatedAt: start}, false},
		"gone":                       {domain.User{}, false},
	} {
		if got := c.u.ClosedAs(closed); got != c.want {
			t.Errorf("%s: %t; want %t", what, got, c.want)
		}
	}
}
