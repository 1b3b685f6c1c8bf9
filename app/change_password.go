package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// ChangePassword sets a new password and ends every other session.
type ChangePassword struct {
	users    ports.UserRepository
	sessions ports.TokenStore
	hasher   ports.PasswordHasher
	events   ports.EventSink
	breached ports.BreachedPasswords
	check    checkPassword
	policy   domain.PasswordPolicy
	now      func() time.Time
}

// ChangePasswordRequest carries both passwords.
type ChangePasswordRequest struct {
	Caller Caller
	Old    domain.Secret
	New    domain.Secret
	Client domain.Client
}

// Do changes the password. Errors: domain.CodeValidationFailed, domain.ErrInvalidCredentials for a wrong old password,
// domain.CodeTooManyAttempts; domain.CodeSessionEnded when somebody else changed it meanwhile.
func (uc *ChangePassword) Do(ctx context.Context, req ChangePasswordRequest) error {
	var problems domain.Problems
	old, err := domain.PresentedPassword("oldPassword", req.Old.Reveal())
	problems.Add(err)
	next, err := uc.policy.Parse("newPassword", req.New.Reveal(), req.Caller.User)
	problems.Add(err)
	if err := problems.Err(); err != nil {
		return err
	}
	if err := uc.check.ofCaller(ctx, req.Caller, "oldPassword", old, req.Client); err != nil {
		return err
	}
	hash, err := uc.hash(ctx, "newPassword", next, req.Client)
	if err != nil {
		return err
	}
	if err := uc.store(ctx, req.Caller, hash); err != nil {
		return err
	}
	uc.changed(ctx, req.Caller, req.Client)
	return nil
}

// hash makes a hash of a new password, unless it is known from a breach.
func (uc *ChangePassword) hash(ctx context.Context, field string, password domain.Password, client domain.Client) (domain.Secret, error) {
	if err := refuseBreached(ctx, uc.breached, field, password); err != nil {
		return domain.Secret{}, err
	}
	return uc.hasher.Hash(ctx, client.Network(), password)
}

// store swaps the hash, as long as it is the one that the old password was checked against.
func (uc *ChangePassword) store(ctx context.Context, caller Caller, hash domain.Secret) error {
	_, err := swapUser(ctx, uc.users, caller.User.ID, func(u domain.User) (domain.User, error) {
		now := uc.now()
		switch {
		case u.CredentialsVersion != caller.User.CredentialsVersion:
			return u, domain.ErrPasswordChanged
		case u.Closed(now):
			return u, domain.ErrAccountClosed
		}
		return u.ChangePassword(hash, caller.Session.ID, now), nil
	})
	if errors.Is(err, ports.ErrNotFound) {
		return domain.ErrAccountDeleted
	}
	return err
}

// changed tells that a password was changed, and ends every session but the caller's. They are over since the password
// was stored (see domain.User.Honours). This is for their owner to see why, so a failure here is none of the change.
func (uc *ChangePassword) changed(ctx context.Context, caller Caller, client domain.Client) {
	userID, own := caller.User.ID, caller.Session.ID
	uc.events.Emit(ctx, domain.Event{Kind: domain.EventPasswordChanged, At: uc.now(), UserID: userID, SessionID: own, Client: client})
	_, _ = endSessions(ctx, uc.sessions, userID, own, domain.EndPasswordChanged, uc.now())
}
