package domain

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"
)

// endedKept is how long a session that ended can still be seen by its owner.
const endedKept = 24 * time.Hour

// SessionID names a session: 128 random bits in base64url. It is the sid claim of its tokens.
type SessionID string

// Seed makes a session's refresh tokens unforgeable even by who knows the signing secret. It hides itself when printed.
type Seed [32]byte

// Format hides the seed whatever the verb.
func (Seed) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText hides the seed, in JSON too. Stores take the bytes.
func (Seed) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// EndReason says why a session ended.
type EndReason string

// The reasons, as clients see them.
const (
	EndSignedOut       EndReason = "signed_out"
	EndRevoked         EndReason = "revoked"
	EndReused          EndReason = "reused"
	EndPasswordChanged EndReason = "password_changed"
	EndTooMany         EndReason = "too_many_sessions"
)

// Session is one sign-in and the whole family of refresh tokens that grows from it. Times are UTC, to the millisecond.
//
// No refresh token is kept: a token is a pure function of its session, so that a repeated refresh can answer
// the same token again, byte for byte. To forge one takes both the signing secret and the Seed.
type Session struct {
	ID     SessionID
	UserID UserID
	// Generation is that of the newest refresh token, starting at 1. It only ever grows.
	Generation int64
	Seed       Seed
	CreatedAt  time.Time
	RotatedAt  time.Time // of the last rotation; a repeat does not move it
	ExpiresAt  time.Time
	UserAgent  string
	IP         string
	// CredentialsVersion is the user's at sign-in.
	CredentialsVersion int64
	EndedAt            time.Time // zero while the session lives
	EndReason          EndReason
	// Version counts writes, for compare-and-swap. Stores count it.
	Version int64
}

// Format prints the session with its flags, and as %v whatever the verb: one that does not fit would show the seed.
func (s Session) Format(f fmt.State, _ rune) {
	type session Session
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, 'v'), session(s))
}

// SessionPolicy holds the lengths of a session's life.
type SessionPolicy struct {
	RefreshTTL time.Duration // from one refresh to the last moment for the next
	MaxAge     time.Duration // from sign-in to the end, however often it is refreshed
	Grace      time.Duration // for how long the predecessor of the newest token is forgiven
	MaxPerUser int           // 0 means no limit
}

// expiry slides with each refresh, up to the session's greatest age.
func (p SessionPolicy) expiry(createdAt, now time.Time) time.Time {
	slid, last := now.Add(p.RefreshTTL), createdAt.Add(p.MaxAge)
	if slid.Before(last) {
		return slid
	}
	return last
}

// NewSession starts a session of u for a client.
func NewSession(u User, c Client, now time.Time, p SessionPolicy) Session {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	s := Session{
		ID:                 SessionID(base64.RawURLEncoding.EncodeToString(id[:])),
		UserID:             u.ID,
		Generation:         1,
		CreatedAt:          now,
		RotatedAt:          now,
		ExpiresAt:          p.expiry(now, now),
		UserAgent:          c.UserAgent,
		IP:                 c.IP,
		CredentialsVersion: u.CredentialsVersion,
	}
	_, _ = rand.Read(s.Seed[:])
	return s
}

// TokenID is the jti of the refresh token of a generation.
func (s Session) TokenID(generation int64) string {
	mac := hmac.New(sha256.New, s.Seed[:])
	_ = binary.Write(mac, binary.BigEndian, generation)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Made reports, in constant time, whether the claims are of a refresh token that this session answered.
func (s Session) Made(c RefreshClaims) bool {
	return c.UserID == s.UserID && c.SessionID == s.ID &&
		hmac.Equal([]byte(c.TokenID), []byte(s.TokenID(c.Generation)))
}

// Ended reports whether the session was ended, by whom or whatever. It is not ended by expiring.
func (s Session) Ended() bool { return !s.EndedAt.IsZero() }

// Alive reports whether the session serves u at this moment.
func (s Session) Alive(u User, now time.Time) bool {
	return !s.Ended() && now.Before(s.ExpiresAt) && u.Honours(s)
}

// End is the session as it is once ended. The first end counts: a second one changes nothing.
func (s Session) End(reason EndReason, now time.Time) Session {
	if !s.Ended() {
		s.EndedAt, s.EndReason = now, reason
	}
	return s
}

// KeptUntil is the moment from which the session is forgotten: no store hands it out then, nor keeps it for long.
func (s Session) KeptUntil() time.Time {
	if s.Ended() {
		return s.EndedAt.Add(endedKept)
	}
	return s.ExpiresAt
}

// Ending is the 401 that tells the owner of a session that is over why it is.
func (s Session) Ending() *Error {
	switch s.EndReason {
	case EndSignedOut:
		return SessionEnded("it was signed out")
	case EndRevoked:
		return SessionEnded("it was ended from another device")
	case EndReused:
		return SessionEnded("one of its refresh tokens was used a second time, as happens when somebody has copied it")
	case EndPasswordChanged:
		return ErrPasswordChanged
	case EndTooMany:
		return SessionEnded("the account signed in on too many devices")
	}
	return SessionEnded("it has expired, or the password was changed")
}

// The endings that the user shows and not the session.
var (
	ErrPasswordChanged = SessionEnded("the password was changed")
	ErrAccountDeleted  = SessionEnded("the account was deleted")
	ErrAccountClosed   = SessionEnded("the account is being deleted")
)

// SessionEnded is the 401 of a session that is over, with the reason as the end of a sentence.
func SessionEnded(why string) *Error {
	return &Error{Code: CodeSessionEnded, Message: "This session is over: " + why + ". Please sign in again."}
}
