package domain_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchkey-auth/latchkey/domain"
)

func TestLoginIsAnEmailOrAUsername(t *testing.T) {
	for _, c := range []struct{ email, username, want string }{
		{" Ada@Example.org ", "", "email:ada@example.org"},
		{"Ada@Example.org", "eve", "email:ada@example.org"},
		{" \t", " ADA ", "username:ada"},
		{"", "ＡＤＡ", "username:ada"},
		{"not an address", "", "email:not an address"},
		{"", "Old Name", "username:old name"}, // registered elsewhere, under other rules
	} {
		login, err := domain.NewLogin(c.email, c.username)
		if err != nil || login.String() != c.want {
			t.Errorf("%q, %q became %q, %v; want %q", c.email, c.username, login, err, c.want)
		}
		if login.Email.IsZero() == login.Username.IsZero() {
			t.Errorf("%q, %q became %+v; want one of both", c.email, c.username, login)
		}
	}
}

func TestLoginIsRefused(t *testing.T) {
	long := strings.Repeat("x", 1025)
	for _, c := range []struct{ email, username, blamed string }{
		{"", "", "email"}, {" \t", "\u00a0", "email"}, {long, "", "email"}, {"", long, "username"},
	} {
		if login, err := domain.NewLogin(c.email, c.username); login != (domain.Login{}) || !blames(err, c.blamed) {
			t.Errorf("%.20q, %.20q: %v; want a validation error of %s", c.email, c.username, err, c.blamed)
		}
	}
}

// Whoever registers with an email and a username is found by what was typed then.
func TestLoginFindsWhatWasRegistered(t *testing.T) {
	texts := oddText()
	rapid.Check(t, func(t *rapid.T) {
		typed := texts.Draw(t, "text")
		if name, err := domain.ParseUsername(typed); err == nil {
			if login, err := domain.NewLogin("", typed); err != nil || login.Username != name {
				t.Fatalf("%+q is registered as %q and looked for as %q, %v", typed, name, login, err)
			}
		}
		if email, err := domain.ParseEmail(typed + "@example.org"); err == nil {
			if login, err := domain.NewLogin(typed+"@example.org", ""); err != nil || login.Email != email {
				t.Fatalf("%+q is registered as %q and looked for as %q, %v", typed, email, login, err)
			}
		}
	})
}
