package app

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// LoginUser signs a person in: it starts a session.
type LoginUser struct {
	users             ports.UserRepository
	sessions          ports.TokenStore
	hasher            ports.PasswordHasher
	issuer            ports.TokenIssuer
	events            ports.EventSink
	check             checkPassword
	policy            domain.SessionPolicy
	revealUnknownUser bool
	cleanups          *cleanups
	now               func() time.Time
}

// LoginRequest says who signs in, by email or by username.
type LoginRequest struct {
	Email    string
	Username string
	Password domain.Secret
	Client   domain.Client
}

// LoginResponse is the user and the first tokens of the new session.
type LoginResponse struct {
	User domain.User
	Tokens
}

// Do signs in. An unknown account and a wrong password are the same domain.ErrInvalidCredentials after the same work,
// unless unknown accounts are to be revealed (domain.ErrUserNotFound).
func (uc *LoginUser) Do(ctx context.Context, req LoginRequest) (LoginResponse, error) {
	login, password, err := parseLogin(req)
	if err != nil {
		return LoginResponse{}, err
	}
	user, err := uc.users.ByLogin(ctx, login)
	unknown := errors.Is(err, ports.ErrNotFound)
	if err != nil && !unknown {
		return LoginResponse{}, err
	}
	// Counted by what was typed: a count by the user's id, which email and username would share, would tell those who
	// mix both whether there is such an account.
	outdated, err := uc.check.do(ctx, passwordGuess{user, login.String(), password, req.Client, ""})
	if unknown && errors.Is(err, domain.ErrInvalidCredentials) {
		return LoginResponse{}, uc.nobody()
	}
	if err != nil {
		return LoginResponse{}, err
	}
	if outdated {
		user = uc.renew(ctx, user, password, req.Client)
	}
	return uc.start(ctx, user, req.Client)
}

// nobody is the error where there is no such account.
func (uc *LoginUser) nobody() error {
	if uc.revealUnknownUser {
		return domain.ErrUserNotFound
	}
	return domain.ErrInvalidCredentials
}

func parseLogin(req LoginRequest) (domain.Login, domain.Password, error) {
	var problems domain.Problems
	login, err := domain.NewLogin(req.Email, req.Username)
	problems.Add(err)
	password, err := domain.PresentedPassword("password", req.Password.Reveal())
	problems.Add(err)
	return login, password, problems.Err()
}

// renew replaces an outdated hash. If that fails, the old hash stays for the next sign-in to renew: today's algorithm may
// not take the password, hashing may be busy, and if somebody else changed the user meanwhile, it may be the hash of a
// new password by now.
func (uc *LoginUser) renew(ctx context.Context, user domain.User, password domain.Password, client domain.Client) domain.User {
	hash, err := uc.hasher.Hash(ctx, client.Network(), password)
	if err != nil {
		return user
	}
	renewed := user
	renewed.PasswordHash = hash
	if uc.users.Update(ctx, renewed) != nil {
		return user
	}
	renewed.Version++
	return renewed
}

// start begins a session. When it fails, nobody has got the tokens of the session that may have been stored; where the
// account was deleted meanwhile, that may have been after its sessions were removed.
func (uc *LoginUser) start(ctx context.Context, user domain.User, client domain.Client) (LoginResponse, error) {
	now := uc.now()
	session := domain.NewSession(user, client, now, uc.policy)
	tokens, err := uc.open(ctx, user, session, client, now)
	if errors.Is(err, ports.ErrNotFound) {
		uc.cleanups.run(ctx, func(ctx context.Context) { _ = uc.sessions.DeleteByUser(ctx, user.ID) })
		return LoginResponse{}, uc.nobody()
	}
	if err != nil {
		uc.cleanups.run(ctx, func(ctx context.Context) { uc.undo(ctx, session) })
		return LoginResponse{}, err
	}
	uc.events.Emit(ctx, domain.Event{Kind: domain.EventSignedIn, At: now, UserID: user.ID, SessionID: session.ID, Client: client})
	return LoginResponse{user, tokens}, nil
}

// open stores the session and answers its first tokens. ports.ErrNotFound says that by then there was no such user: a
// deletion removes the user first and the sessions last, so that one of the two finds whatever the other leaves.
func (uc *LoginUser) open(ctx context.Context, user domain.User, session domain.Session, client domain.Client, now time.Time) (Tokens, error) {
	if err := uc.sessions.Create(ctx, session); err != nil {
		return Tokens{}, err
	}
	if _, err := uc.users.ByID(ctx, user.ID); err != nil {
		return Tokens{}, err
	}
	if err := uc.endOldest(ctx, user, client, now); err != nil {
		return Tokens{}, err
	}
	return issue(uc.issuer, user, session, now)
}

// undo ends a session whose tokens nobody has got, so that its owner does not wonder whose it is. A store that did not
// answer may store it after this, or not hear of this at all: no harm done, since nobody can use such a session.
func (uc *LoginUser) undo(ctx context.Context, session domain.Session) {
	_, _ = endSession(ctx, uc.sessions, session.UserID, session.ID, domain.EndRevoked, uc.now()) // the cause is what the client hears
}

// endOldest ends the oldest living sessions past the number that a user may have.
func (uc *LoginUser) endOldest(ctx context.Context, user domain.User, client domain.Client, now time.Time) error {
	if uc.policy.MaxPerUser == 0 {
		return nil
	}
	newestFirst, err := uc.sessions.ByUser(ctx, user.ID)
	if err != nil {
		return err
	}
	living := 0
	for _, s := range newestFirst {
		if !s.Alive(user, now) {
			continue
		}
		if living++; living <= uc.policy.MaxPerUser {
			continue
		}
		ended, err := endSession(ctx, uc.sessions, user.ID, s.ID, domain.EndTooMany, now)
		if err != nil {
			return err
		}
		if ended {
			uc.events.Emit(ctx, domain.Event{Kind: domain.EventSessionEnded, At: now, UserID: user.ID, SessionID: s.ID, Client: client})
		}
	}
	return nil
}
