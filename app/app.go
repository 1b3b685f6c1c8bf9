// Package app holds the use cases, one file each. They decide the order of steps; what is true is decided in domain,
// and what is outside is reached through ports.
package app

import (
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// Deps is what the use cases need.
type Deps struct {
	Users    ports.UserRepository
	Sessions ports.TokenStore
	// Callers reads a session and its user in one go, for stores that can; InTurn where it is nil.
	Callers  ports.Callers
	Hasher   ports.PasswordHasher
	Issuer   ports.TokenIssuer
	Verifier ports.TokenVerifier
	Images   ports.ImageStore
	Events   ports.EventSink
	// Breached is asked about new passwords; nil is nobody.
	Breached ports.BreachedPasswords

	// AccountFailures counts failed sign-ins for an account and an address together, AddressFailures for an address.
	AccountFailures ports.Throttle
	AddressFailures ports.Throttle
	// Registrations counts registrations for an address.
	Registrations ports.Throttle

	Passwords  domain.PasswordPolicy
	SessionFor domain.SessionPolicy
	// Required names the fields that registration demands.
	Required []string
	// RevealUnknownUser makes signing in to an unknown account a failure of its own.
	RevealUnknownUser bool

	// Clients may ask what tokens are worth; none is nobody.
	Clients domain.ConfidentialClients

	// Now is the clock. Its answers are cut to the millisecond, which is what stores keep.
	Now func() time.Time
}

// App is every use case, ready to run.
type App struct {
	RegisterUser       RegisterUser
	LoginUser          LoginUser
	RefreshAccessToken RefreshAccessToken
	LogoutUser         LogoutUser
	Authenticate       Authenticate
	UpdateProfile      UpdateProfile
	ChangeImage        ChangeImage
	ChangePassword     ChangePassword
	DeleteAccount      DeleteAccount
	ListSessions       ListSessions
	EndSession         EndSession
	EndSessions        EndSessions
	IntrospectToken    IntrospectToken
	AuthenticateClient AuthenticateClient

	cleanups *cleanups
}

// Wait returns when everything is cleared up that failed requests left. Call it before the stores are closed.
func (a *App) Wait() { a.cleanups.running.Wait() }

// New builds the use cases.
func New(d Deps) *App {
	clock := d.Now
	d.Now = func() time.Time { return clock().UTC().Truncate(time.Millisecond) }
	if d.Callers == nil {
		d.Callers = InTurn(d.Sessions, d.Users)
	}
	auth := Authenticate{d.Callers, d.Verifier, d.Now}
	check := checkPassword{d.Hasher, d.AccountFailures, d.AddressFailures, d.Events, d.Now}
	clean := &cleanups{}
	return &App{
		cleanups:           clean,
		RegisterUser:       RegisterUser{d.Users, d.Hasher, d.Images, d.Registrations, d.Events, d.Breached, d.Passwords, d.Required, clean, d.Now},
		LoginUser:          LoginUser{d.Users, d.Sessions, d.Hasher, d.Issuer, d.Events, check, d.SessionFor, d.RevealUnknownUser, clean, d.Now},
		RefreshAccessToken: RefreshAccessToken{d.Callers, d.Sessions, d.Issuer, d.Verifier, d.Events, d.SessionFor, d.Now},
		LogoutUser:         LogoutUser{d.Sessions, d.Verifier, d.Events, d.Now},
		Authenticate:       auth,
		UpdateProfile:      UpdateProfile{d.Users, d.Required, d.Now},
		ChangeImage:        ChangeImage{d.Users, d.Images, clean, d.Now},
		ChangePassword:     ChangePassword{d.Users, d.Sessions, d.Hasher, d.Events, d.Breached, check, d.Passwords, d.Now},
		DeleteAccount:      DeleteAccount{d.Users, d.Sessions, d.Images, d.Events, check, clean, d.Now},
		ListSessions:       ListSessions{d.Sessions},
		EndSession:         EndSession{d.Sessions, d.Events, d.Now},
		EndSessions:        EndSessions{d.Sessions, d.Events, d.Now},
		IntrospectToken:    IntrospectToken{auth, d.Callers, d.Verifier, d.SessionFor, d.Now},
		AuthenticateClient: AuthenticateClient{d.Clients, d.AddressFailures, d.Events, d.Now},
	}
}
