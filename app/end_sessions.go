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

// Do answers how many sessions it ended. The caller's own comes last, so that who is answered an error can ask again.
func (uc *EndSessions) Do(ctx context.Context, req EndSessionsRequest) (int, error) {
	userID, own := req.Caller.User.ID, req.Caller.Session.ID
	over, err := endSessions(ctx, uc.sessions, userID, own, domain.EndRevoked, uc.now())
	if err == nil && !req.KeepCurrent {
		var ended bool
		if ended, err = endSession(ctx, uc.sessions, userID, own, domain.EndRevoked, uc.now()); ended {
			over = append(over, own)
		}
	}
	for _, id := range over {
		uc.events.Emit(ctx, domain.Event{Kind: domain.EventSessionEnded, At: uc.now(), UserID: userID, SessionID: id, Client: req.Client})
	}
	return len(over), err
}
