package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// untilCurrent runs an attempt to read, decide and write until nobody else wrote in between.
// It is the one place in which a lost race is run again; every attempt decides anew, on what is stored by then.
func untilCurrent(ctx context.Context, attempt func() error) error {
	for {
		err := attempt()
		if !errors.Is(err, ports.ErrStale) {
			return err
		}
		if ctx.Err() != nil {
			return ports.Unavailable(ctx.Err())
		}
	}
}

// swapUser reads a user, decides and stores, again if need be. It answers the user as stored.
func swapUser(ctx context.Context, users ports.UserRepository, id domain.UserID, decide func(domain.User) (domain.User, error)) (domain.User, error) {
	var swapped domain.User
	err := untilCurrent(ctx, func() error {
		stored, err := users.ByID(ctx, id)
		if err != nil {
			return err
		}
		if swapped, err = decide(stored); err != nil {
			return err
		}
		return users.Update(ctx, swapped)
	})
	swapped.Version++
	return swapped, err
}

// updateUser changes a user on behalf of a caller, as long as the user honours the caller's session and is not being
// deleted. A user who is gone has no session either.
func updateUser(ctx context.Context, users ports.UserRepository, caller Caller, now func() time.Time, change func(domain.User) domain.User) (domain.User, error) {
	user, err := swapUser(ctx, users, caller.User.ID, func(u domain.User) (domain.User, error) {
		at := now()
		switch {
		case !u.Honours(caller.Session):
			return u, domain.ErrPasswordChanged
		case u.Closed(at):
			return u, domain.ErrAccountClosed
		}
		u = change(u.Reopen())
		u.UpdatedAt = at
		return u, nil
	})
	if errors.Is(err, ports.ErrNotFound) {
		return domain.User{}, domain.ErrAccountDeleted
	}
	return user, err
}

// endSession ends a session for a reason, whatever races with it, and reports whether this call is the one that ended
// it. A session that is gone, or over already, is no error: it is what was asked for.
func endSession(ctx context.Context, sessions ports.TokenStore, userID domain.UserID, id domain.SessionID, reason domain.EndReason, now time.Time) (ended bool, err error) {
	err = untilCurrent(ctx, func() error {
		s, err := sessions.Get(ctx, userID, id)
		if err != nil {
			return err
		}
		ended = !s.Ended()
		if !ended {
			return nil
		}
		return sessions.Update(ctx, s.End(reason, now))
	})
	if errors.Is(err, ports.ErrNotFound) {
		return false, nil
	}
	return ended && err == nil, err
}

// endSessions ends all living sessions of a user but one, and answers those that it ended.
func endSessions(ctx context.Context, sessions ports.TokenStore, userID domain.UserID, keep domain.SessionID, reason domain.EndReason, now time.Time) (over []domain.SessionID, err error) {
	all, err := sessions.ByUser(ctx, userID)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.ID == keep || s.Ended() {
			continue
		}
		ended, err := endSession(ctx, sessions, userID, s.ID, reason, now)
		if err != nil {
			return over, err
		}
		if ended {
			over = append(over, s.ID)
		}
	}
	return over, nil
}
