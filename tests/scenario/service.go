// Package scenario states what Latchkey does for people, once. The behaviours run against anything that is a Service:
// the use cases themselves, the HTTP API, or the client for Go programs.
package scenario

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Service is Latchkey as its users see it. A refusal is a *Failure; any other error is a broken test.
type Service interface {
	Register(ctx context.Context, r Registration) (User, error)
	Login(ctx context.Context, c Credentials) (SignedIn, error)
	Refresh(ctx context.Context, refreshToken string) (Tokens, error)
	Logout(ctx context.Context, accessToken, refreshToken string) error
	Me(ctx context.Context, accessToken string) (User, error)
	UpdateProfile(ctx context.Context, accessToken string, change map[string]string) (User, error)
	ChangeAvatar(ctx context.Context, accessToken string, image []byte) (User, error)
	ChangePassword(ctx context.Context, accessToken, from, to string) error
	DeleteAccount(ctx context.Context, accessToken, password string) error
	Sessions(ctx context.Context, accessToken string) ([]Session, error)
	EndSession(ctx context.Context, accessToken, id string) error
	EndSessions(ctx context.Context, accessToken string, keepCurrent bool) (int, error)
	// Image is what stands at an image's address; false where nothing does.
	Image(ctx context.Context, address string) ([]byte, bool)
}

// Registration is what a person fills in.
type Registration struct {
	Username, Fullname, Email, Password string
	Avatar, CoverImage                  []byte
}

// Credentials is what a person signs in with.
type Credentials struct{ Email, Username, Password string }

// User is a user as clients see one.
type User struct {
	ID                        string `json:"_id"`
	Username, Fullname, Email string
	Avatar, CoverImage        string
	CreatedAt, UpdatedAt      time.Time
}

// Tokens is a pair of tokens.
type Tokens struct {
	AccessToken, RefreshToken                   string
	AccessTokenExpiresAt, RefreshTokenExpiresAt time.Time
}

// SignedIn is the answer to a sign-in.
type SignedIn struct {
	User User
	Tokens
}

// Session is a session as its owner sees it.
type Session struct {
	ID                               string
	Current                          bool
	CreatedAt, LastUsedAt, ExpiresAt time.Time
	EndedAt                          *time.Time
	EndReason                        *string
}

// Failure is a refusal.
type Failure struct {
	Code   string
	Fields []string // to blame
}

// Error is the code, and the fields.
func (f *Failure) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s", f.Code, strings.Join(f.Fields, ",")))
}

// Clock is a clock that tests turn by hand.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts near the present, so that engines which forget by their own clock forget nothing too early.
func NewClock() *Clock { return &Clock{now: time.Now()} }

// Now is the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance turns the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
