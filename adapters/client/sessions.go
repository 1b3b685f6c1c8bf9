package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Session is one sign-in, as its owner sees it.
type Session struct {
	ID         string     `json:"id"`
	Current    bool       `json:"current"` // the one that asks
	CreatedAt  time.Time  `json:"createdAt"`
	LastUsedAt time.Time  `json:"lastUsedAt"`
	ExpiresAt  time.Time  `json:"expiresAt"`
	UserAgent  string     `json:"userAgent"`
	IP         string     `json:"ip"`
	EndedAt    *time.Time `json:"endedAt"` // nil while it lives
	EndReason  *string    `json:"endReason"`
}

// Keep says which sessions EndSessions spares.
type Keep string

// What can be spared.
const (
	KeepCurrent Keep = "current"
	KeepNone    Keep = "none"
)

// Sessions is the user's sessions, newest first.
func (c *Client) Sessions(ctx context.Context) ([]Session, error) {
	return call[[]Session](ctx, c, http.MethodGet, "/sessions", body{})
}

// EndSession ends one of the user's sessions.
func (c *Client) EndSession(ctx context.Context, id string) error {
	return done(call[struct{}](ctx, c, http.MethodDelete, "/sessions/"+url.PathEscape(id), body{}))
}

// EndSessions ends all of the user's sessions but those that are kept, and says how many.
func (c *Client) EndSessions(ctx context.Context, keep Keep) (ended int, err error) {
	route := "/sessions?keep=" + url.QueryEscape(string(keep))
	data, err := call[struct{ Ended int }](ctx, c, http.MethodDelete, route, body{})
	return data.Ended, err
}
