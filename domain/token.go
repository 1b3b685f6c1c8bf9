package domain

import "time"

// Token is a signed token as it is handed to a client. It hides itself when printed.
type Token struct {
	Secret
	ExpiresAt time.Time
}

// AccessClaims is what a genuine access token says.
type AccessClaims struct {
	UserID    UserID
	SessionID SessionID
	ExpiresAt time.Time
}

// RefreshClaims is what a genuine refresh token says.
type RefreshClaims struct {
	UserID     UserID
	SessionID  SessionID
	Generation int64
	TokenID    string
	ExpiresAt  time.Time
}
