package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// Authenticate says who presents an access token. It asks whether the session is alive, so that signing out works at once.
type Authenticate struct {
	callers  ports.Callers
	verifier ports.TokenVerifier
	now      func() time.Time
}

// Caller is the user and the session on whose behalf a request comes.
type Caller struct {
	User    domain.User
	Session domain.Session
	// TokenExpiresAt is when the token that was presented does.
	TokenExpiresAt time.Time
}

// Do authenticates. Errors: domain.ErrTokenMissing, ErrTokenInvalid, ErrTokenExpired and CodeSessionEnded.
func (uc *Authenticate) Do(ctx context.Context, token domain.Secret) (Caller, error) {
	if token.IsZero() {
		return Caller{}, domain.ErrTokenMissing
	}
	now := uc.now()
	claims, err := uc.verifier.VerifyAccess(token, now)
	if err != nil {
		return Caller{}, err
	}
	session, user, err := living(ctx, uc.callers, claims.UserID, claims.SessionID, now)
	if err != nil {
		return Caller{}, err
	}
	return Caller{user, session, claims.ExpiresAt}, nil
}

// living reads a session that serves its user at this moment. One that is stored, but over, comes with its error.
func living(ctx context.Context, callers ports.Callers, userID domain.UserID, id domain.SessionID, now time.Time) (domain.Session, domain.User, error) {
	session, user, err := callers.Caller(ctx, userID, id)
	switch gone := errors.Is(err, ports.ErrNotFound); {
	case gone && session.ID == "":
		return domain.Session{}, domain.User{}, domain.SessionEnded("it was ended or has expired")
	case gone:
		return session, domain.User{}, domain.ErrAccountDeleted
	case err != nil:
		return session, domain.User{}, err
	case !session.Alive(user, now):
		return session, user, session.Ending()
	}
	return session, user, nil
}
