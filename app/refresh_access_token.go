package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// RefreshAccessToken answers a refresh token with new tokens. It is idempotent: any number of callers
// that present one token within the grace get one and the same refresh token (see domain.Session.Redeem).
type RefreshAccessToken struct {
	callers  ports.Callers
	sessions ports.TokenStore
	issuer   ports.TokenIssuer
	verifier ports.TokenVerifier
	events   ports.EventSink
	policy   domain.SessionPolicy
	now      func() time.Time
}

// RefreshRequest carries the refresh token; the zero token is none.
type RefreshRequest struct {
	Token  domain.Secret
	Client domain.Client
}

// Do refreshes. Errors: domain.ErrTokenMissing, ErrTokenInvalid, ErrTokenExpired, ErrTokenReused and CodeSessionEnded.
func (uc *RefreshAccessToken) Do(ctx context.Context, req RefreshRequest) (Tokens, error) {
	if req.Token.IsZero() {
		return Tokens{}, domain.ErrTokenMissing
	}
	claims, err := uc.verifier.VerifyRefresh(req.Token, uc.now())
	if err != nil {
		return Tokens{}, err
	}
	var tokens Tokens
	err = untilCurrent(ctx, func() (err error) {
		tokens, err = uc.redeem(ctx, claims, req.Client)
		return err
	})
	return tokens, err
}

// redeem reads, decides and stores once.
func (uc *RefreshAccessToken) redeem(ctx context.Context, claims domain.RefreshClaims, client domain.Client) (Tokens, error) {
	now := uc.now()
	session, user, err := living(ctx, uc.callers, claims.UserID, claims.SessionID, now)
	if session.ID != "" && !session.Made(claims) {
		return Tokens{}, domain.ErrTokenInvalid
	}
	if err != nil {
		return Tokens{}, err
	}
	session, outcome := session.Redeem(claims.Generation, now, uc.policy)
	if outcome != domain.Repeated {
		err := uc.sessions.Update(ctx, session)
		if errors.Is(err, ports.ErrNotFound) {
			return Tokens{}, domain.SessionEnded("it has expired")
		}
		if err != nil {
			return Tokens{}, err
		}
	}
	uc.events.Emit(ctx, domain.Event{Kind: eventOf[outcome], At: now, UserID: user.ID, SessionID: session.ID, Client: client})
	if outcome == domain.Reused {
		return Tokens{}, domain.ErrTokenReused
	}
	return issue(uc.issuer, user, session, now)
}

var eventOf = map[domain.Outcome]domain.EventKind{
	domain.Rotated:       domain.EventRefreshed,
	domain.Repeated:      domain.EventRepeated,
	domain.RolledForward: domain.EventRolledForward,
	domain.Reused:        domain.EventReused,
}
