package porttest

import (
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var userReadRules = []rule[users]{
	{"UnknownIDIsNotFound", readUnknownID},
	{"UnknownLoginIsNotFound", readUnknownLogin},
	{"ZeroLoginIsNotFound", readZeroLogin},
	{"EmailGoesBeforeUsername", readEmailGoesFirst},
	{"EmailIsNoUsername", readEmailIsNoUsername},
}

func readUnknownID(t *testing.T, s users) {
	s.create(t, newUser("ann"))
	for _, key := range oddKeys {
		_, err := s.ByID(t.Context(), domain.UserID(key))
		wantError(t, "ByID "+show(key), err, ports.ErrNotFound)
	}
	_, err := s.ByID(t.Context(), domain.NewUserID(birth))
	wantError(t, "ByID of a new id", err, ports.ErrNotFound)
}

func readUnknownLogin(t *testing.T, s users) {
	s.create(t, newUser("ann"))
	for _, key := range oddKeys {
		for _, login := range []domain.Login{{Email: domain.RestoreEmail(key)}, {Username: username(key)}} {
			_, err := s.ByLogin(t.Context(), login)
			wantError(t, "ByLogin "+show(key), err, ports.ErrNotFound)
		}
	}
}

func readZeroLogin(t *testing.T, s users) {
	s.create(t, domain.User{ID: domain.NewUserID(birth)})
	_, err := s.ByLogin(t.Context(), domain.Login{})
	wantError(t, "ByLogin of the zero Login, beside a user without names", err, ports.ErrNotFound)
}

func readEmailGoesFirst(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	s.create(t, newUser("bob"))
	got, err := s.ByLogin(t.Context(), domain.Login{Email: email("ann"), Username: username("bob")})
	wantNoError(t, "ByLogin with one's email and another's username", err)
	wantSame(t, "ByLogin with one's email and another's username", got, ann)
	_, err = s.ByLogin(t.Context(), domain.Login{Email: email("nobody"), Username: username("bob")})
	wantError(t, "ByLogin with nobody's email and somebody's username", err, ports.ErrNotFound)
}

func readEmailIsNoUsername(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	_, err := s.ByLogin(t.Context(), domain.Login{Username: domain.RestoreUsername(ann.Email.String())})
	wantError(t, "ByLogin with somebody's email as the username", err, ports.ErrNotFound)
	_, err = s.ByLogin(t.Context(), domain.Login{Email: domain.RestoreEmail(ann.Username.String())})
	wantError(t, "ByLogin with somebody's username as the email", err, ports.ErrNotFound)
}
