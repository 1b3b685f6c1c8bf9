package jwt

import "time"

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

// instant is a NumericDate as the ports have it.
func instant(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }
