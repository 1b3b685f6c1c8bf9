package app

import (
	"context"
	"sync"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var (
	_ ports.Callers = (*inTurn)(nil)
	_ ports.Callers = (*sideBySide)(nil)
)

// InTurn reads the session and then its user.
func InTurn(sessions ports.TokenStore, users ports.UserRepository) ports.Callers {
	return &inTurn{sessions, users}
}

type inTurn struct {
	sessions ports.TokenStore
	users    ports.UserRepository
}

// Caller implements ports.Callers.
func (c *inTurn) Caller(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, domain.User, error) {
	session, err := c.sessions.Get(ctx, userID, id)
	if err != nil {
		return domain.Session{}, domain.User{}, err
	}
	user, err := c.users.ByID(ctx, userID)
	return session, user, err
}

// SideBySide reads sessions and users at the same time, as pays for stores that are both across a network.
func SideBySide(sessions ports.TokenStore, users ports.UserRepository) ports.Callers {
	return &sideBySide{sessions, users}
}

type sideBySide struct {
	sessions ports.TokenStore
	users    ports.UserRepository
}

// Caller implements ports.Callers. What is wrong with the session comes first, as when it is read first.
func (c *sideBySide) Caller(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, domain.User, error) {
	var user domain.User
	var userErr error
	var reading sync.WaitGroup
	reading.Go(func() { user, userErr = c.users.ByID(ctx, userID) })
	session, err := c.sessions.Get(ctx, userID, id)
	reading.Wait()
	if err != nil {
		return domain.Session{}, domain.User{}, err
	}
	return session, user, userErr
}
