package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// checkPassword compares a password with a stored hash, under the two limits on failures.
// Whoever asks for a password goes through it, so that no door is easier to guess at than another.
type checkPassword struct {
	hasher          ports.PasswordHasher
	accountFailures ports.Throttle
	addressFailures ports.Throttle
	events          ports.EventSink
	now             func() time.Time
}

// passwordGuess is one attempt: the zero user stands for an account that does not exist,
// and costs the same as one that does.
type passwordGuess struct {
	user     domain.User
	account  string // what attempts at this account are counted by
	password domain.Password
	client   domain.Client
	session  domain.SessionID // of who is signed in
}

// do answers whether the hash should be renewed, or domain.ErrInvalidCredentials, or domain.TooManyAttempts.
// Failures alone are counted, once they are known. The limits are looked at again after the comparison, because guesses
// may run beside each other: those that end past the limit learn nothing, whether they were right or wrong. A failure is
// counted though its client has left: else who hangs up in time has any number of hashes computed.
func (c *checkPassword) do(ctx context.Context, g passwordGuess) (outdated bool, err error) {
	if err := c.allowed(ctx, g, ports.Throttle.Check); err != nil {
		return false, err
	}
	ok, outdated, err := c.verify(ctx, g)
	if err != nil {
		return false, err
	}
	if ok {
		return outdated, c.allowed(ctx, g, ports.Throttle.Check)
	}
	c.emit(ctx, domain.EventSignInFailed, g)
	ctx, cancel := undoing(ctx)
	defer cancel()
	if err := c.allowed(ctx, g, ports.Throttle.Count); err != nil {
		return false, err
	}
	return false, domain.ErrInvalidCredentials
}

// verify compares every form of the password until one is right. How many there are depends on what was typed alone, so
// that an unknown account costs what a wrong password costs.
func (c *checkPassword) verify(ctx context.Context, g passwordGuess) (ok, outdated bool, err error) {
	for _, form := range g.password.Forms() {
		ok, outdated, err = c.hasher.Verify(ctx, g.client.Network(), form, g.user.PasswordHash)
		if ok || err != nil {
			break
		}
	}
	return ok, outdated, err
}

// ofCaller is do for somebody who is signed in: a wrong password is blamed on the field that it came in.
func (c *checkPassword) ofCaller(ctx context.Context, caller Caller, field string, password domain.Password, client domain.Client) error {
	_, err := c.do(ctx, passwordGuess{caller.User, string(caller.User.ID), password, client, caller.Session.ID})
	if errors.Is(err, domain.ErrInvalidCredentials) {
		return domain.WrongPassword(field)
	}
	return err
}

// asking is ports.Throttle.Check or ports.Throttle.Count.
type asking func(th ports.Throttle, ctx context.Context, key string) (time.Duration, error)

// allowed asks both limits.
func (c *checkPassword) allowed(ctx context.Context, g passwordGuess, ask asking) error {
	network := g.client.Network()
	perAccount, err := ask(c.accountFailures, ctx, g.account+" "+network)
	if err != nil {
		return err
	}
	perAddress, err := ask(c.addressFailures, ctx, network)
	if err != nil {
		return err
	}
	if wait := max(perAccount, perAddress); wait > 0 {
		c.emit(ctx, domain.EventThrottled, g)
		return domain.TooManyAttempts(wait)
	}
	return nil
}

func (c *checkPassword) emit(ctx context.Context, kind domain.EventKind, g passwordGuess) {
	c.events.Emit(ctx, domain.Event{Kind: kind, At: c.now(), UserID: g.user.ID, SessionID: g.session, Client: g.client})
}
