package porttest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// TestUserRepository proves an implementation of ports.UserRepository. Each call of open returns a new, empty
// repository and registers with t what closes it.
func TestUserRepository(t *testing.T, open func(t *testing.T) ports.UserRepository) {
	prove(t, func(t *testing.T) users { return users{open(t)} }, userThemes)
}

var userThemes = []theme[users]{
	{"Create", userCreateRules},
	{"Read", userReadRules},
	{"Update", userUpdateRules},
	{"UpdateNames", userUpdateNamesRules},
	{"Delete", userDeleteRules},
	{"Values", userValueRules},
	{"Contexts", userContextRules},
	{"Races", userRaceRules},
	{"NameRaces", userNameRaceRules},
	{"ReadRaces", userReadRaceRules},
	{"Linearizable", userLinearizableRules},
}

// users is the repository under test, with the steps that rules are made of.
type users struct{ ports.UserRepository }

// birth is when the users of the tests were made: no round number in any unit.
var birth = time.Date(2024, 2, 29, 23, 59, 58, 987e6, time.UTC)

// newUser has every field set. Its names are made of name.
func newUser(name string) domain.User {
	return domain.User{
		ID:                 domain.NewUserID(birth),
		Username:           username(name),
		Email:              email(name),
		Fullname:           "Full " + name,
		PasswordHash:       domain.NewSecret("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$" + name),
		Avatar:             "/images/" + name + ".png",
		CoverImage:         "https://img.example.org/" + name + "?a=b&c=d",
		CreatedAt:          birth,
		UpdatedAt:          birth.Add(time.Millisecond),
		CredentialsVersion: 3,
		CredentialsSession: "session-of-" + domain.SessionID(name),
	}
}

func username(name string) domain.Username { return domain.RestoreUsername(name) }
func email(name string) domain.Email       { return domain.RestoreEmail(name + "@example.org") }

func byUsername(name string) domain.Login { return domain.Login{Username: username(name)} }
func byEmail(name string) domain.Login    { return domain.Login{Email: email(name)} }

// changed is u with every field changed that may change, names included.
func changed(u domain.User, name string) domain.User {
	v := newUser(name)
	v.ID, v.CreatedAt, v.Version = u.ID, u.CreatedAt, u.Version
	v.UpdatedAt = u.UpdatedAt.Add(time.Hour)
	v.CredentialsVersion = u.CredentialsVersion + 1
	return v
}

// create stores the user and answers them as they are now stored.
func (s users) create(t *testing.T, u domain.User) domain.User {
	t.Helper()
	wantNoError(t, "Create", s.Create(t.Context(), u))
	u.Version = 1
	return u
}

// update stores the user and answers them as they are now stored.
func (s users) update(t *testing.T, u domain.User) domain.User {
	t.Helper()
	wantNoError(t, "Update", s.Update(t.Context(), u))
	u.Version++
	return u
}

func (s users) delete(t *testing.T, id domain.UserID) {
	t.Helper()
	wantNoError(t, "Delete", s.Delete(t.Context(), id))
}

func (s users) byID(t *testing.T, id domain.UserID) domain.User {
	t.Helper()
	u, err := s.ByID(t.Context(), id)
	wantNoError(t, "ByID", err)
	return u
}

// wantStored reads the user in every way there is.
func (s users) wantStored(t *testing.T, want domain.User) {
	t.Helper()
	wantSame(t, "ByID", s.byID(t, want.ID), want)
	for _, login := range []domain.Login{{Email: want.Email}, {Username: want.Username}} {
		if login == (domain.Login{}) {
			continue
		}
		got, err := s.ByLogin(t.Context(), login)
		wantNoError(t, "ByLogin "+login.String(), err)
		wantSame(t, "ByLogin "+login.String(), got, want)
	}
}

// wantNobody looks for a user in every way, and wants none.
func (s users) wantNobody(t *testing.T, id domain.UserID, logins ...domain.Login) {
	t.Helper()
	_, err := s.ByID(t.Context(), id)
	wantError(t, "ByID of who is not there", err, ports.ErrNotFound)
	for _, login := range logins {
		_, err := s.ByLogin(t.Context(), login)
		wantError(t, "ByLogin "+login.String()+", which nobody has", err, ports.ErrNotFound)
	}
}

// wantFree takes the names for new users, which works when they belong to nobody.
func (s users) wantFree(t *testing.T, logins ...domain.Login) {
	t.Helper()
	for _, login := range logins {
		u := domain.User{ID: domain.NewUserID(birth), Email: login.Email, Username: login.Username}
		if err := s.Create(t.Context(), u); err != nil {
			t.Errorf("Create with the free name %s: got the error %v, want none", login, err)
		}
	}
}

// holds reports whether somebody has that name.
func (s users) holds(t *testing.T, login domain.Login) bool {
	t.Helper()
	_, err := s.ByLogin(t.Context(), login)
	if err != nil && !errors.Is(err, ports.ErrNotFound) {
		t.Fatalf("ByLogin %s: got the error %v, want none or ErrNotFound", login, err)
	}
	return err == nil
}

// blamesRightly reports whether err is domain.UserExists and somebody has every name of the user that it blames.
func (s users) blamesRightly(t *testing.T, u domain.User, err error) bool {
	t.Helper()
	fields, ok := takenFields(err)
	return ok && len(fields) > 0 && !slices.ContainsFunc(fields, func(field string) bool {
		login := domain.Login{Email: u.Email}
		if field == "username" {
			login = domain.Login{Username: u.Username}
		}
		return !s.holds(t, login)
	})
}
