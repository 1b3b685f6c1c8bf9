package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// IntrospectToken says whether a token would be honoured at this moment, and whose it is. It changes nothing: a refresh
// token is not redeemed by being looked at, and a retired one ends no session.
type IntrospectToken struct {
	authenticate Authenticate
	callers      ports.Callers
	verifier     ports.TokenVerifier
	policy       domain.SessionPolicy
	now          func() time.Time
}

// TokenKind tells tokens apart.
type TokenKind string

// The kinds.
const (
	AccessToken  TokenKind = "access_token"
	RefreshToken TokenKind = "refresh_token"
)

// Introspection is what there is to say about a token.
type Introspection struct {
	// Kind is that of a token which would be honoured, "" for any other, of which nothing else is said either.
	Kind TokenKind
	Caller
}

// Active reports whether the token would be honoured.
func (i Introspection) Active() bool { return i.Kind != "" }

// Do introspects. That a token is bad, expired, retired or of a session that is over is no error, and is not told apart.
// Errors: domain.ErrTokenMissing.
func (uc *IntrospectToken) Do(ctx context.Context, token domain.Secret) (Introspection, error) {
	kind := AccessToken
	caller, err := uc.authenticate.Do(ctx, token)
	if errors.Is(err, domain.ErrTokenInvalid) {
		kind = RefreshToken
		caller, err = uc.redeemable(ctx, token)
	}
	switch {
	case worthless(err):
		return Introspection{}, nil
	case err != nil:
		return Introspection{}, err
	}
	return Introspection{kind, caller}, nil
}

// redeemable is whose refresh token this is, as long as RefreshAccessToken would answer it with new tokens.
func (uc *IntrospectToken) redeemable(ctx context.Context, token domain.Secret) (Caller, error) {
	now := uc.now()
	claims, err := uc.verifier.VerifyRefresh(token, now)
	if err != nil {
		return Caller{}, err
	}
	session, user, err := living(ctx, uc.callers, claims.UserID, claims.SessionID, now)
	if err != nil {
		return Caller{}, err
	}
	if !session.Made(claims) {
		return Caller{}, domain.ErrTokenInvalid
	}
	if _, outcome := session.Redeem(claims.Generation, now, uc.policy); outcome == domain.Reused {
		return Caller{}, domain.ErrTokenReused
	}
	return Caller{user, session, claims.ExpiresAt}, nil
}

// worthless reports whether an error says that a token is honoured by nobody.
func worthless(err error) bool {
	refusal, ok := errors.AsType[*domain.Error](err)
	if !ok {
		return false
	}
	switch refusal.Code {
	case domain.CodeTokenInvalid, domain.CodeTokenExpired, domain.CodeTokenReused, domain.CodeSessionEnded:
		return true
	}
	return false
}
