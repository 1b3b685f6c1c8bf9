package accesstoken

import (
	"context"
	"slices"
	"time"

	strict "github.com/go-jose/go-jose/v4/json" // names in their very case, and each at most once
)

// Claims is what a token says of who calls.
type Claims struct {
	Subject   string // the user's id, which never changes
	SessionID string
	TokenID   string
	// Email, Username and Fullname are those of when the token was issued; the last two are empty where not given.
	Email, Username, Fullname string
	IssuedAt, ExpiresAt       time.Time
}

type contextKey struct{}

// NewContext is a context with claims, as Require makes it.
func NewContext(ctx context.Context, c Claims) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

// FromContext is the claims of who calls; false where no token was checked.
func FromContext(ctx context.Context) (Claims, bool) {
	c, ok := ctx.Value(contextKey{}).(Claims)
	return c, ok
}

// wireClaims is the claims as the token has them.
type wireClaims struct {
	Issuer    string   `json:"iss"`
	Audience  audience `json:"aud"`
	Subject   string   `json:"sub"`
	ID        string   `json:"jti"`
	IssuedAt  int64    `json:"iat"`
	ExpiresAt int64    `json:"exp"`
	SessionID string   `json:"sid"`
	Email     string   `json:"email"`
	Username  string   `json:"username"`
	Fullname  string   `json:"fullname"`
}

func (c *wireClaims) read(payload []byte) error { return strict.Unmarshal(payload, c) }

func (c wireClaims) says() Claims {
	return Claims{
		Subject:   c.Subject,
		SessionID: c.SessionID,
		TokenID:   c.ID,
		Email:     c.Email,
		Username:  c.Username,
		Fullname:  c.Fullname,
		IssuedAt:  time.Unix(c.IssuedAt, 0).UTC(),
		ExpiresAt: time.Unix(c.ExpiresAt, 0).UTC(),
	}
}

// audience is one or several (RFC 7519, section 4.1.3).
type audience []string

// UnmarshalJSON reads either form.
func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if strict.Unmarshal(data, &one) == nil {
		*a = audience{one}
		return nil
	}
	return strict.Unmarshal(data, (*[]string)(a))
}

func (a audience) has(name string) bool { return slices.Contains(a, name) }
