package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// LogoutUser ends the session of whoever presents one of its tokens.
type LogoutUser struct {
	sessions ports.TokenStore
	verifier ports.TokenVerifier
	events   ports.EventSink
	now      func() time.Time
}

// LogoutRequest carries the access token, and the refresh token for when that has expired. Zero tokens are none.
type LogoutRequest struct {
	Access  domain.Secret
	Refresh domain.Secret
	Client  domain.Client
}

// Do signs out. Signing out of a session that is over already is no error.
// Errors: domain.ErrTokenMissing, ErrTokenInvalid and ErrTokenExpired, where neither token names a session.
func (uc *LogoutUser) Do(ctx context.Context, req LogoutRequest) error {
	userID, id, err := uc.session(ctx, req)
	if err != nil {
		return err
	}
	ended, err := endSession(ctx, uc.sessions, userID, id, domain.EndSignedOut, uc.now())
	if ended {
		uc.events.Emit(ctx, domain.Event{Kind: domain.EventSignedOut, At: uc.now(), UserID: userID, SessionID: id, Client: req.Client})
	}
	return err
}

// session is the one that the access token names, else the one that the refresh token names.
func (uc *LogoutUser) session(ctx context.Context, req LogoutRequest) (domain.UserID, domain.SessionID, error) {
	refused := error(domain.ErrTokenMissing)
	if !req.Access.IsZero() {
		claims, err := uc.verifier.VerifyAccess(req.Access, uc.now())
		if err == nil {
			return claims.UserID, claims.SessionID, nil
		}
		refused = err
	}
	if req.Refresh.IsZero() {
		return "", "", refused
	}
	claims, err := uc.verifier.VerifyRefresh(req.Refresh, uc.now())
	if err != nil {
		return "", "", err
	}
	return claims.UserID, claims.SessionID, uc.genuine(ctx, claims)
}

// genuine refuses a refresh token that is signed well but that its session never made: the secret may have leaked.
// A retired token is good enough for leaving.
func (uc *LogoutUser) genuine(ctx context.Context, claims domain.RefreshClaims) error {
	session, err := uc.sessions.Get(ctx, claims.UserID, claims.SessionID)
	switch {
	case errors.Is(err, ports.ErrNotFound):
		return nil // it is over, which is what is asked for
	case err != nil:
		return err
	case !session.Made(claims):
		return domain.ErrTokenInvalid
	}
	return nil
}
