package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// RegisterUser makes an account.
type RegisterUser struct {
	users         ports.UserRepository
	hasher        ports.PasswordHasher
	images        ports.ImageStore
	registrations ports.Throttle
	events        ports.EventSink
	breached      ports.BreachedPasswords
	passwords     domain.PasswordPolicy
	required      []string
	cleanups      *cleanups
	now           func() time.Time
}

// RegisterRequest is what a person fills in. Blank fields and empty images are not given.
type RegisterRequest struct {
	Username   string
	Fullname   string
	Email      string
	Password   domain.Secret
	Avatar     []byte
	CoverImage []byte
	Client     domain.Client
}

// Admit refuses whoever has registered too often, by domain.CodeTooManyAttempts, and counts nothing. It is for asking
// before anything is read of what they send; Do asks again.
func (uc *RegisterUser) Admit(ctx context.Context, client domain.Client) error {
	return uc.allowed(ctx, client, ports.Throttle.Check)
}

// Do registers the person, or leaves nothing behind: no user and no image. Errors: domain.CodeValidationFailed with
// every field that is to blame, domain.CodeUserExists, domain.CodeImageInvalid, domain.CodeTooManyAttempts.
func (uc *RegisterUser) Do(ctx context.Context, req RegisterRequest) (domain.User, error) {
	user, password, err := uc.parse(req)
	if err != nil {
		return domain.User{}, err
	}
	if err := uc.allowed(ctx, req.Client, ports.Throttle.Count); err != nil {
		return domain.User{}, err
	}
	// Create would find a taken name too, but only after the costly steps.
	if err := uc.free(ctx, user); err != nil {
		return domain.User{}, err
	}
	if err := refuseBreached(ctx, uc.breached, "password", password); err != nil {
		return domain.User{}, err
	}
	if user.PasswordHash, err = uc.hasher.Hash(ctx, req.Client.Network(), password); err != nil {
		return domain.User{}, err
	}
	if user, err = uc.store(ctx, user, req); err != nil {
		uc.cleanups.run(ctx, func(ctx context.Context) { uc.undo(ctx, user, err) })
		return domain.User{}, err
	}
	uc.events.Emit(ctx, domain.Event{Kind: domain.EventRegistered, At: uc.now(), UserID: user.ID, Client: req.Client})
	return user, nil
}

// parse makes a user of the request, and says everything that is wrong with it at once.
func (uc *RegisterUser) parse(req RegisterRequest) (domain.User, domain.Password, error) {
	var problems domain.Problems
	now := uc.now()
	user := domain.User{ID: domain.NewUserID(now), CreatedAt: now, UpdatedAt: now}
	user.Username = parseField(&problems, "username", req.Username, uc.demands("username"), domain.ParseUsername)
	user.Fullname = parseField(&problems, "fullname", req.Fullname, uc.demands("fullname"), domain.ParseFullname)
	user.Email = parseField(&problems, "email", req.Email, uc.demands("email"), domain.ParseEmail)
	problems.Add(uc.demandName(req))
	password, err := uc.passwords.Parse("password", req.Password.Reveal(), user)
	problems.Add(err)
	for _, image := range []struct {
		name string
		data []byte
	}{{string(domain.Avatar), req.Avatar}, {string(domain.CoverImage), req.CoverImage}} {
		if len(image.data) == 0 && uc.demands(image.name) {
			problems.Add(domain.Invalid(image.name, "is required"))
		}
	}
	return user, password, problems.Err()
}

func (uc *RegisterUser) demands(field string) bool { return slices.Contains(uc.required, field) }

// demandName refuses who could never sign in, where the required fields do not do so already.
func (uc *RegisterUser) demandName(req RegisterRequest) error {
	if uc.demands("email") || uc.demands("username") || strings.TrimSpace(req.Email) != "" || strings.TrimSpace(req.Username) != "" {
		return nil
	}
	return domain.Invalid("email", "or a username is required")
}

// parseField parses a field that was given; one that was not is a problem only where it is required.
func parseField[T any](problems *domain.Problems, name, value string, required bool, parse func(string) (T, error)) (parsed T) {
	if strings.TrimSpace(value) == "" {
		if required {
			problems.Add(domain.Invalid(name, "is required"))
		}
		return parsed
	}
	parsed, err := parse(value)
	problems.Add(err)
	return parsed
}

func (uc *RegisterUser) allowed(ctx context.Context, client domain.Client, ask asking) error {
	wait, err := ask(uc.registrations, ctx, client.Network())
	if err != nil {
		return err
	}
	if wait > 0 {
		uc.events.Emit(ctx, domain.Event{Kind: domain.EventThrottled, At: uc.now(), Client: client})
		return domain.TooManyAttempts(wait)
	}
	return nil
}

// free reports every unique field of the user that is somebody else's by now.
func (uc *RegisterUser) free(ctx context.Context, user domain.User) error {
	var taken []string
	for _, unique := range []struct {
		field string
		login domain.Login
	}{{"email", domain.Login{Email: user.Email}}, {"username", domain.Login{Username: user.Username}}} {
		_, err := uc.users.ByLogin(ctx, unique.login)
		switch {
		case err == nil:
			taken = append(taken, unique.field)
		case !errors.Is(err, ports.ErrNotFound):
			return err
		}
	}
	if taken == nil {
		return nil
	}
	return domain.UserExists(taken...)
}

// store keeps the images and then the user, who thus never shows an image that is not there.
// On failure, the user holds the references of the images kept so far.
func (uc *RegisterUser) store(ctx context.Context, user domain.User, req RegisterRequest) (domain.User, error) {
	var err error
	if len(req.Avatar) > 0 {
		if user.Avatar, err = uc.images.Put(ctx, string(domain.Avatar), req.Avatar); err != nil {
			return user, err
		}
	}
	if len(req.CoverImage) > 0 {
		if user.CoverImage, err = uc.images.Put(ctx, string(domain.CoverImage), req.CoverImage); err != nil {
			return user, err
		}
	}
	return user, uc.users.Create(ctx, user)
}

// undo clears up after a registration that failed. Where the user may be there all the same, the pictures stay, since
// a user never shows one that is gone.
func (uc *RegisterUser) undo(ctx context.Context, user domain.User, cause error) {
	if !refused(cause) && uc.users.Delete(ctx, user.ID) != nil {
		return
	}
	for _, ref := range []string{user.Avatar, user.CoverImage} {
		if ref != "" {
			_ = uc.images.Delete(ctx, ref)
		}
	}
}
