package faults_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// insist asks until there is another answer than that Latchkey cannot give one: a busy machine can make that so at any
// time.
func insist(t *testing.T, ask func() error) (err error) {
	t.Helper()
	eventually(t, "Latchkey answers", func() bool {
		err = ask()
		return !refused(err, "unavailable")
	})
	return err
}

// check holds Latchkey to what it told the client, once it works again.
func (c *client) check(t *testing.T) {
	t.Helper()
	c.checkRegistrations(t)
	c.checkSessions(t)
	c.checkPasswords(t)
	for range 2 { // the last token that was answered is good, and so is the next
		if err := insist(t, func() error { return c.refresh(t.Context()) }); err != nil {
			t.Errorf("refreshing with the last token that was answered: %v", err)
		}
	}
}

// checkRegistrations: nobody is registered by half, and no name stays claimed.
func (c *client) checkRegistrations(t *testing.T) {
	t.Helper()
	for _, person := range c.welcomed {
		c.expectUser(t, person)
	}
	for _, person := range c.turnedOff {
		err := insist(t, func() error { return void(c.Register(t.Context(), person)) })
		if err != nil && !refused(err, "user_exists") {
			t.Errorf("registering again: %v", err)
		}
		c.expectUser(t, person)
	}
}

// expectUser checks that the person can sign in, by either name.
func (c *client) expectUser(t *testing.T, person scenario.Registration) {
	t.Helper()
	for _, credentials := range []scenario.Credentials{
		{Email: person.Email, Password: person.Password}, {Username: person.Username, Password: person.Password},
	} {
		if err := insist(t, func() error { return void(c.Login(t.Context(), credentials)) }); err != nil {
			t.Errorf("a person who is registered signs in by %+v: %v", credentials, err)
		}
	}
}

func (c *client) checkSessions(t *testing.T) {
	t.Helper()
	for _, visit := range c.visits {
		if err := insist(t, func() error { return void(c.Me(t.Context(), visit.AccessToken)) }); err != nil {
			t.Errorf("a session that nobody ended: %v", err)
		}
	}
	for _, visit := range c.ended {
		if err := insist(t, func() error { return void(c.Me(t.Context(), visit.AccessToken)) }); !refused(err, "session_ended") {
			t.Errorf("the access token of a session that is over: %v", err)
		}
		if err := insist(t, func() error { return void(c.Refresh(t.Context(), visit.RefreshToken)) }); !refused(err, "session_ended") {
			t.Errorf("the refresh token of a session that is over: %v", err)
		}
	}
}

func (c *client) checkPasswords(t *testing.T) {
	t.Helper()
	if err := insist(t, func() error { return c.changePassword(t.Context()) }); err != nil {
		t.Errorf("changing the password: %v", err)
	}
	if err := insist(t, func() error { return c.signIn(t.Context()) }); err != nil {
		t.Errorf("signing in with the new password: %v", err)
	}
	for _, password := range c.former {
		credentials := scenario.Credentials{Email: c.person.Email, Password: password}
		err := insist(t, func() error { return void(c.Login(t.Context(), credentials)) })
		if !refused(err, "invalid_credentials") {
			t.Errorf("signing in with a former password: %v", err)
		}
	}
}

func void[T any](_ T, err error) error { return err }
