package app

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// EndSessions ends all sessions of the caller's, or all others.
type EndSessions struct {
	sessions ports.TokenStore
	events   ports.EventSink
	now      func() time.Time
}

// EndSessionsRequest says whether the caller's own session goes on.
type EndSessionsRequest struct {
	Caller      Caller
	KeepCurrent bool
	Client      domain.Client
}

// Do answers how many sessions it ended.
func (uc EndSessions) Do(ctx context.Context, req EndSessionsRequest) (int, error) {
	var keep domain.SessionID
	if req.KeepCurrent {
		keep = req.Caller.Session.ID
	}
	n, err := endSessions(ctx, uc.sessions, req.Caller.User.ID, keep, domain.EndRevoked, uc.now())
	if n > 0 {
		uc.events.Emit(ctx, domain.Event{Kind: domain.EventSessionEnded, At: uc.now(), UserID: req.Caller.User.ID, SessionID: req.Caller.Session.ID, Client: req.Client})
	}
	return n, err
}
