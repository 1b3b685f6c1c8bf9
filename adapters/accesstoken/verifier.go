// Package accesstoken checks Latchkey's access tokens in other services: in what RFC 9068 calls a resource server. It
// needs the issuer's address and nothing else of Latchkey; keys come from its JWK set, and are kept and rotated.
//
// With ACCESS_TOKEN_SECRET set, Latchkey signs with that secret and publishes no key; no token passes here then.
package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Config says whose tokens are accepted. Only Issuer is needed.
type Config struct {
	// Issuer is Latchkey's PUBLIC_URL: the iss of its tokens.
	Issuer string
	// Audience is Latchkey's ACCESS_TOKEN_AUDIENCE; Issuer where empty.
	Audience string
	// Address is where this service reaches Latchkey; Issuer where empty.
	Address string
	// Introspection asks Latchkey whether a token's session is alive. Where nil, the token of a session that has ended is
	// good until it expires.
	Introspection *Introspection
	// Refuse answers a request that Require does not let through; WriteRefusal where nil.
	Refuse func(http.ResponseWriter, *http.Request, error)
	// Client fetches from Latchkey; where nil, one that follows no redirects.
	Client *http.Client
	// Now is the time; time.Now where nil.
	Now func() time.Time
}

const (
	// maxTokenBytes bounds what is parsed at all.
	maxTokenBytes = 8 << 10
	// leeway forgives the issuer's clock tokens that seem to come from the future.
	leeway = 30 * time.Second
)

// Verifier checks access tokens. It is safe for concurrent use.
type Verifier struct {
	cfg      Config
	keys     *keySet
	sessions *sessions // nil where nobody is asked
}

// NewVerifier makes a Verifier. Keys are fetched when the first token comes.
func NewVerifier(cfg Config) (*Verifier, error) {
	if cfg.Address == "" {
		cfg.Address = cfg.Issuer
	}
	if cfg.Audience == "" {
		cfg.Audience = cfg.Issuer
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Refuse == nil {
		cfg.Refuse = func(w http.ResponseWriter, _ *http.Request, err error) { WriteRefusal(w, err) }
	}
	if cfg.Issuer == "" {
		return nil, errors.New("accesstoken: Issuer is empty")
	}
	address, err := url.Parse(cfg.Address)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, fmt.Errorf("accesstoken: %q is no http or https URL", cfg.Address)
	}
	v := &Verifier{cfg: cfg, keys: newKeySet(cfg.Client, address.JoinPath("/.well-known/jwks.json").String(), cfg.Now)}
	if cfg.Introspection != nil {
		v.sessions, err = newSessions(*cfg.Introspection, cfg.Client, address.JoinPath("/oauth/introspect").String(), cfg.Now)
		v.cfg.Introspection = nil // the secret is in one place
	}
	return v, err
}

// Verify checks a token as RFC 9068, section 4, and RFC 8725 demand, and then, where so configured, its session. Its
// errors are ErrInvalid, ErrExpired, ErrInactive and, where nothing can be said of the token, ErrUnavailable.
func (v *Verifier) Verify(ctx context.Context, token string) (Claims, error) {
	claims, err := v.parse(ctx, token)
	if err != nil {
		return Claims{}, err
	}
	if err := v.check(claims); err != nil {
		return Claims{}, err
	}
	if v.sessions != nil {
		if err := v.sessions.alive(ctx, claims.ID, token); err != nil {
			return Claims{}, err
		}
	}
	return claims.says(), nil
}

// parse checks form and signature. The algorithm is the one of Latchkey's keys, whatever the token says, and no token
// brings its own key (RFC 8725, sections 3.1 and 3.10).
func (v *Verifier) parse(ctx context.Context, token string) (claims wireClaims, err error) {
	// Decoding base64 passes over line breaks, so that one token could be written in many ways.
	if len(token) > maxTokenBytes || strings.ContainsAny(token, " \t\r\n") {
		return claims, ErrInvalid
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil {
		return claims, ErrInvalid
	}
	header := signed.Signatures[0].Protected
	if !isAccessToken(header.ExtraHeaders[jose.HeaderType]) {
		return claims, ErrInvalid
	}
	key, err := v.keys.find(ctx, header.KeyID)
	if err != nil {
		return claims, err
	}
	payload, err := signed.Verify(key)
	if err != nil || claims.read(payload) != nil {
		return claims, ErrInvalid
	}
	return claims, nil
}

// isAccessToken reports whether a typ is that of access tokens; refresh tokens and others have their own (RFC 9068,
// section 4).
func isAccessToken(typ any) bool {
	name, _ := typ.(string)
	name = strings.ToLower(name)
	return name == "at+jwt" || name == "application/at+jwt"
}

// check demands what every access token holds. Only one that is otherwise right is called expired.
func (v *Verifier) check(c wireClaims) error {
	now := v.cfg.Now()
	switch {
	case c.Issuer != v.cfg.Issuer, !c.Audience.has(v.cfg.Audience), c.Subject == "", c.ID == "", c.SessionID == "":
		return ErrInvalid
	case c.IssuedAt <= 0, c.ExpiresAt <= 0, c.IssuedAt > now.Add(leeway).Unix(): // as numbers: a time would wrap round
		return ErrInvalid
	case now.Unix() >= c.ExpiresAt: // RFC 7519, section 4.1.4: "on or after"
		return ErrExpired
	}
	return nil
}
