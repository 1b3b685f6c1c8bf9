package faults_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// client is somebody who uses Latchkey whatever happens to it, and remembers what they were told.
type client struct {
	scenario.Service
	person scenario.Registration
	// passwords are those that may be the person's: several, while it is open whether a change was made.
	passwords []string
	former    []string          // passwords that were replaced for certain
	tokens    scenario.Tokens   // the newest of a session that goes on and on
	visits    []scenario.Tokens // sessions that live
	doubted   []scenario.Tokens // sessions that a change of the password may have ended
	ended     []scenario.Tokens // sessions that are over
	welcomed  []scenario.Registration
	turnedOff []scenario.Registration // whose registration was answered with 503
}

// action is something that a client does. Its error is nil or what Latchkey, or a check of its answer, says.
type action struct {
	name string
	do   func(*client, context.Context) error
}

var actions = []action{
	{"sign in", (*client).signIn},
	{"see oneself", (*client).see},
	{"refresh", (*client).refresh},
	{"sign out", (*client).signOut},
	{"register", (*client).register},
	{"change the password", (*client).changePassword},
	{"sign in", (*client).signIn}, // and another time, so that there is mostly a visit to end
}

// errNothingToDo: there is nothing that the action could be done to.
var errNothingToDo = errors.New("nothing to do")

func newPerson() scenario.Registration {
	name := strings.ToLower(rand.Text())
	return scenario.Registration{Username: name, Email: name + "@example.org", Password: rand.Text()}
}

// arrive registers and signs in, while nothing is wrong yet.
func (c *client) arrive(ctx context.Context) error {
	c.person = newPerson()
	c.passwords = []string{c.person.Password}
	if _, err := c.Register(ctx, c.person); err != nil {
		return err
	}
	in, err := c.Login(ctx, scenario.Credentials{Email: c.person.Email, Password: c.person.Password})
	c.tokens = in.Tokens
	return err
}

func (c *client) see(ctx context.Context) error {
	me, err := c.Me(ctx, c.tokens.AccessToken)
	if err == nil && me.Email != c.person.Email {
		return fmt.Errorf("%s sees %s", c.person.Email, me.Email)
	}
	return err
}

// refresh presents the last token that was answered, until another is.
func (c *client) refresh(ctx context.Context) error {
	tokens, err := c.Refresh(ctx, c.tokens.RefreshToken)
	if err != nil {
		return err
	}
	if tokens.RefreshToken == c.tokens.RefreshToken {
		return errors.New("the token that was presented is answered")
	}
	c.tokens = tokens
	return nil
}

func (c *client) register(ctx context.Context) error {
	newcomer := newPerson()
	_, err := c.Register(ctx, newcomer)
	switch {
	case err == nil:
		c.welcomed = append(c.welcomed, newcomer)
	case refused(err, "unavailable"):
		c.turnedOff = append(c.turnedOff, newcomer)
	}
	return err
}

func (c *client) signIn(ctx context.Context) error {
	return c.knowing(func(password string) error {
		in, err := c.Login(ctx, scenario.Credentials{Username: c.person.Username, Password: password})
		if err == nil {
			c.visits = append(c.visits, in.Tokens)
		}
		return err
	})
}

// signOut ends the oldest of the visits, and tries so until it is said to have happened.
func (c *client) signOut(ctx context.Context) error {
	from := &c.doubted
	if len(*from) == 0 {
		from = &c.visits
	}
	if len(*from) == 0 {
		return errNothingToDo
	}
	visit := (*from)[0]
	err := c.Logout(ctx, visit.AccessToken, "")
	if err == nil {
		*from = (*from)[1:]
		c.ended = append(c.ended, visit)
	}
	return err
}

// changePassword also ends every visit. Without a clear answer, it may have.
func (c *client) changePassword(ctx context.Context) error {
	next := rand.Text()
	err := c.knowing(func(password string) error {
		return c.ChangePassword(ctx, c.tokens.AccessToken, password, next)
	})
	switch {
	case err == nil:
		c.ended = slices.Concat(c.ended, c.doubted, c.visits)
		c.doubted, c.visits = nil, nil
		c.former = append(c.former, c.passwords...)
		c.passwords = []string{next}
	case refused(err, "unavailable"):
		c.doubted = append(c.doubted, c.visits...)
		c.visits = nil
		c.passwords = append(c.passwords, next)
	}
	return err
}

// knowing tries the passwords that may be the person's, up to the one that is.
func (c *client) knowing(try func(password string) error) (err error) {
	for _, password := range c.passwords {
		if err = try(password); !refused(err, "invalid_credentials") {
			return err
		}
	}
	return err
}

func refused(err error, code string) bool {
	failure, ok := errors.AsType[*scenario.Failure](err)
	return ok && failure.Code == code
}
