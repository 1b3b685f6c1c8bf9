package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// EndSession ends one session of the caller's.
type EndSession struct {
	sessions ports.TokenStore
	events   ports.EventSink
	now      func() time.Time
}

// EndSessionRequest names the session.
type EndSessionRequest struct {
	Caller Caller
	ID     domain.SessionID
	Client domain.Client
}

// Do ends the session. One that is over already is no error; domain.ErrSessionNotFound for one that is not the caller's.
func (uc *EndSession) Do(ctx context.Context, req EndSessionRequest) error {
	userID := req.Caller.User.ID
	_, err := uc.sessions.Get(ctx, userID, req.ID)
	if errors.Is(err, ports.ErrNotFound) {
		return domain.ErrSessionNotFound
	}
	if err != nil {
		return err
	}
	ended, err := endSession(ctx, uc.sessions, userID, req.ID, domain.EndRevoked, uc.now())
	if ended {
		uc.events.Emit(ctx, domain.Event{Kind: domain.EventSessionEnded, At: uc.now(), UserID: userID, SessionID: req.ID, Client: req.Client})
	}
	return err
}
