// Package jwt issues and verifies tokens as JSON Web Tokens (RFC 7519), by the best practices of RFC 8725.
package jwt

import (
	"crypto/rand"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const (
	// leeway forgives the clocks of other machines a token that seems to come from the future.
	leeway = 30 * time.Second
	// maxGeneration is the greatest whole number that every reader of JSON takes for itself (RFC 7493, section 2.2).
	maxGeneration = 1<<53 - 1
)

var (
	_ ports.TokenIssuer   = (*Tokens)(nil)
	_ ports.TokenVerifier = (*Tokens)(nil)
)

// Config says what tokens hold and how they are signed.
type Config struct {
	Issuer    string // iss of both kinds
	Audience  string // aud of access tokens
	AccessTTL time.Duration
	// AccessKeys sign and verify access tokens.
	AccessKeys *Keyring
	// RefreshSecrets sign refresh tokens, by HS256: the first one signs, and all are accepted. There is at least one.
	RefreshSecrets []domain.Secret
}

// Tokens issues and verifies both kinds of token. Each kind has its own keys and its own typ,
// and neither is ever taken for the other.
type Tokens struct {
	cfg         Config
	refreshKeys *Keyring
	verified    *verified
}

// New makes Tokens.
func New(cfg Config) *Tokens {
	var refreshKeys []Key
	for _, secret := range cfg.RefreshSecrets {
		refreshKeys = append(refreshKeys, HMACKey(secret))
	}
	return &Tokens{
		cfg:         cfg,
		refreshKeys: NewKeyring(refreshKeys[0], refreshKeys[1:]...),
		verified:    newVerified(cfg.AccessKeys, maxVerified),
	}
}

// IssueAccess signs a new access token.
func (t *Tokens) IssueAccess(u domain.User, s domain.Session, now time.Time) (domain.Token, error) {
	expires := now.Add(t.cfg.AccessTTL)
	if s.ExpiresAt.Before(expires) {
		expires = s.ExpiresAt
	}
	return sign(t.cfg.AccessKeys.Active(), typeAccess, expires, accessClaims{
		registered: registered{
			Issuer:    t.cfg.Issuer,
			Audience:  t.cfg.Audience,
			Subject:   string(u.ID),
			ID:        rand.Text(),
			IssuedAt:  now.Unix(),
			ExpiresAt: expires.Unix(),
		},
		SessionID: string(s.ID),
		UserID:    string(u.ID),
		Email:     u.Email.String(),
		Username:  u.Username.String(),
		Fullname:  u.Fullname,
	})
}

// VerifyAccess checks an access token.
func (t *Tokens) VerifyAccess(token domain.Secret, now time.Time) (domain.AccessClaims, error) {
	if known, ok := t.verified.find(token); ok && t.check(known.registered, now) == nil {
		return known.says(), nil
	}
	claims, signer, err := parse[accessClaims](token, typeAccess, t.cfg.AccessKeys)
	if err != nil {
		return domain.AccessClaims{}, err
	}
	if claims.Audience != t.cfg.Audience || claims.SessionID == "" {
		return domain.AccessClaims{}, domain.ErrTokenInvalid
	}
	if err := t.check(claims.registered, now); err != nil {
		return domain.AccessClaims{}, err
	}
	return t.verified.remember(token, claims, signer).says(), nil
}

// IssueRefresh signs the refresh token of the session's present generation: the same bytes for the same session.
func (t *Tokens) IssueRefresh(s domain.Session) (domain.Token, error) {
	return sign(t.refreshKeys.Active(), typeRefresh, s.ExpiresAt, refreshClaims{
		registered: registered{
			Issuer:    t.cfg.Issuer,
			Subject:   string(s.UserID),
			ID:        s.TokenID(s.Generation),
			IssuedAt:  s.RotatedAt.Unix(),
			ExpiresAt: s.ExpiresAt.Unix(),
		},
		SessionID:  string(s.ID),
		Generation: s.Generation,
	})
}

// VerifyRefresh checks a refresh token.
func (t *Tokens) VerifyRefresh(token domain.Secret, now time.Time) (domain.RefreshClaims, error) {
	claims, _, err := parse[refreshClaims](token, typeRefresh, t.refreshKeys)
	if err != nil {
		return domain.RefreshClaims{}, err
	}
	if claims.Generation < 1 || claims.Generation > maxGeneration || claims.SessionID == "" {
		return domain.RefreshClaims{}, domain.ErrTokenInvalid
	}
	return domain.RefreshClaims{
		UserID:     domain.UserID(claims.Subject),
		SessionID:  domain.SessionID(claims.SessionID),
		Generation: claims.Generation,
		TokenID:    claims.ID,
		ExpiresAt:  instant(claims.ExpiresAt),
	}, t.check(claims.registered, now)
}

// check demands what both kinds hold. Only a token that is otherwise right is called expired.
func (t *Tokens) check(c registered, now time.Time) error {
	switch {
	case c.Issuer != t.cfg.Issuer, c.Subject == "", c.ID == "", c.IssuedAt <= 0, c.ExpiresAt <= 0:
		return domain.ErrTokenInvalid
	case c.IssuedAt > now.Add(leeway).Unix(): // as numbers: a time would wrap round
		return domain.ErrTokenInvalid
	case now.Unix() >= c.ExpiresAt: // RFC 7519, section 4.1.4: "on or after"
		return domain.ErrTokenExpired
	}
	return nil
}
