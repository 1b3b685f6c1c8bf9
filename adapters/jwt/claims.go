package jwt

import (
	"time"

	strict "github.com/go-jose/go-jose/v4/json" // names in their very case, and each at most once
	gojwt "github.com/golang-jwt/jwt/v5"
)

// registered is the claims that both kinds hold (RFC 7519, section 4.1). Numbers are whole numbers of seconds,
// and the audience is one: a token that writes them otherwise is none of ours.
type registered struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud,omitempty"`
	Subject   string `json:"sub"`
	ID        string `json:"jti"`
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
}

// accessClaims are those of RFC 9068, the session, and what existing front ends read.
type accessClaims struct {
	registered
	SessionID string `json:"sid"`
	UserID    string `json:"_id"`
	Email     string `json:"email"`
	Username  string `json:"username"`
	Fullname  string `json:"fullname"`
}

// refreshClaims say which token of which session this is.
type refreshClaims struct {
	registered
	SessionID  string `json:"sid"`
	Generation int64  `json:"gen"`
}

// UnmarshalJSON reads claims of which none is there twice.
func (c *accessClaims) UnmarshalJSON(data []byte) error {
	type plain accessClaims
	return strict.Unmarshal(data, (*plain)(c))
}

// UnmarshalJSON reads claims of which none is there twice.
func (c *refreshClaims) UnmarshalJSON(data []byte) error {
	type plain refreshClaims
	return strict.Unmarshal(data, (*plain)(c))
}

// The methods that the library asks of claims.

func (r registered) GetExpirationTime() (*gojwt.NumericDate, error) { return date(r.ExpiresAt), nil }
func (r registered) GetIssuedAt() (*gojwt.NumericDate, error)       { return date(r.IssuedAt), nil }
func (r registered) GetNotBefore() (*gojwt.NumericDate, error)      { return nil, nil }
func (r registered) GetIssuer() (string, error)                     { return r.Issuer, nil }
func (r registered) GetSubject() (string, error)                    { return r.Subject, nil }
func (r registered) GetAudience() (gojwt.ClaimStrings, error) {
	return gojwt.ClaimStrings{r.Audience}, nil
}

func date(seconds int64) *gojwt.NumericDate { return gojwt.NewNumericDate(time.Unix(seconds, 0)) }

// instant is a NumericDate as the ports have it.
func instant(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }
