// Package jwt issues and verifies tokens as JSON Web Tokens (RFC 7519), by the best practices of RFC 8725.
package jwt

import (
	"crypto/rand"
	"errors"
	"strings"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const (
	// maxTokenBytes bounds what is parsed at all.
	maxTokenBytes = 8 << 10
	// leeway forgives the clocks of other machines a token that seems to come from the future.
	leeway = 30 * time.Second
	// maxGeneration is the greatest whole number that every reader of JSON takes for itself (RFC 7493, section 2.2).
	maxGeneration = 1<<53 - 1

	typeAccess  = "at+jwt" // RFC 9068, section 2.1
	typeRefresh = "rt+jwt"
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
	var claims accessClaims
	var signer Key
	find := func(id string) (_ Key, ok bool) {
		signer, ok = t.cfg.AccessKeys.Find(id)
		return signer, ok
	}
	if err := parse(token, typeAccess, find, &claims); err != nil {
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
	var claims refreshClaims
	if err := parse(token, typeRefresh, t.refreshKeys.Find, &claims); err != nil {
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

func sign(key Key, typ string, expires time.Time, claims gojwt.Claims) (domain.Token, error) {
	token := gojwt.NewWithClaims(key.method, claims)
	token.Header["typ"] = typ
	token.Header["kid"] = key.ID
	signed, err := token.SignedString(key.private)
	if err != nil {
		return domain.Token{}, errors.New("signing a token: the key is of no use")
	}
	return domain.Token{Secret: domain.NewSecret(signed), ExpiresAt: expires.Truncate(time.Second)}, nil
}

var parser = gojwt.NewParser(gojwt.WithStrictDecoding(), gojwt.WithoutClaimsValidation())

// parse checks form and signature. The key is the one of ours that kid names, and it alone says which algorithm
// is right; what the token says of keys and algorithms is believed in nothing (RFC 8725, sections 3.1, 3.9 and 3.11).
func parse(raw domain.Secret, typ string, find func(id string) (Key, bool), claims gojwt.Claims) error {
	text := raw.Reveal()
	// Decoding base64 passes over line breaks, so that one token could be written in many ways.
	if len(text) > maxTokenBytes || strings.ContainsAny(text, "\r\n") {
		return domain.ErrTokenInvalid
	}
	_, err := parser.ParseWithClaims(text, claims, func(token *gojwt.Token) (any, error) {
		h, err := readHeader(text)
		if err != nil || h.typ != typ {
			return nil, domain.ErrTokenInvalid
		}
		key, ok := find(h.keyID)
		if !ok || token.Method.Alg() != key.method.Alg() {
			return nil, domain.ErrTokenInvalid
		}
		return key.public, nil
	})
	if err != nil {
		return domain.ErrTokenInvalid
	}
	return nil
}
