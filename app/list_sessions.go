package app

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// ListSessions shows a user where they are signed in, and what ended within the last day.
type ListSessions struct {
	sessions ports.TokenStore
}

// Do lists the caller's sessions, newest first.
func (uc *ListSessions) Do(ctx context.Context, caller Caller) ([]domain.Session, error) {
	sessions, err := uc.sessions.ByUser(ctx, caller.User.ID)
	if err != nil {
		return nil, err
	}
	for i, s := range sessions {
		// Over, though nobody has come to write so: the password has changed since, at the user's last change or before.
		if !caller.User.Honours(s) {
			sessions[i] = s.End(domain.EndPasswordChanged, caller.User.UpdatedAt)
		}
	}
	return sessions, nil
}
