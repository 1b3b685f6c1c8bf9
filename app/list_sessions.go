package app

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// ListSessions shows a user where they are signed in, and what ended within the last day.
type ListSessions struct {
	sessions ports.TokenStore
	now      func() time.Time
}

// Do lists the caller's sessions, newest first.
func (uc ListSessions) Do(ctx context.Context, caller Caller) ([]domain.Session, error) {
	sessions, err := uc.sessions.ByUser(ctx, caller.User.ID)
	if err != nil {
		return nil, err
	}
	for i, s := range sessions {
		// Over, though nobody has come to say so yet: the password has changed since.
		if !caller.User.Honours(s) {
			sessions[i] = s.End(domain.EndPasswordChanged, uc.now())
		}
	}
	return sessions, nil
}
