package app_test

import (
	"context"
	"testing"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

// leaks is what leaked, and what was asked about.
type leaks struct {
	known domain.Secret
	asked []string
}

func (l *leaks) Contains(_ context.Context, password domain.Password) bool {
	l.asked = append(l.asked, password.Reveal())
	return password.Equal(l.known)
}

// leaking is a change of a world: this password leaked.
func leaking(l *leaks) func(*app.Deps) { return func(d *app.Deps) { d.Breached = l } }

func TestRegisterRefusesAPasswordThatLeaked(t *testing.T) {
	l := &leaks{known: domain.NewSecret(rightPassword)}
	w := newWorld(t, leaking(l))
	_, err := w.RegisterUser.Do(t.Context(), registration())
	blames(t, err, domain.CodeValidationFailed, "password")
	if w.faults.count("hasher.Hash") != 0 {
		t.Error("a password that leaked was hashed first")
	}
	w.nobodyRegistered(t)
	req := registration()
	req.Password = domain.NewSecret(newPassword)
	_, err = w.RegisterUser.Do(t.Context(), req)
	must(t, err)
}

func TestChangePasswordRefusesOneThatLeaked(t *testing.T) {
	l := &leaks{known: domain.NewSecret(newPassword)}
	w := fresh(t, leaking(l))
	in := w.signIn(home)
	w.faults.reset()
	blames(t, w.changePassword(in), domain.CodeValidationFailed, "newPassword")
	if w.faults.count("hasher.Hash") != 0 {
		t.Error("a password that leaked was hashed first")
	}
	if !w.opens(rightPassword) {
		t.Error("the password changed")
	}
}

// Asking takes a while: what is refused anyway is not asked about, nor is an old password.
func TestOnlyPasswordsThatWouldBeTakenAreLookedUp(t *testing.T) {
	l := &leaks{}
	w := fresh(t, leaking(l))
	caller := w.caller(w.signIn(home))
	l.asked = nil

	_, err := w.RegisterUser.Do(t.Context(), registration())
	fails(t, err, domain.CodeUserExists)
	short := registration()
	short.Email, short.Username, short.Password = "other@example.org", "other", domain.NewSecret("short")
	_, err = w.RegisterUser.Do(t.Context(), short)
	fails(t, err, domain.CodeValidationFailed)
	fails(t, w.ChangePassword.Do(t.Context(), passwords(caller, rightPassword, "short")), domain.CodeValidationFailed)
	fails(t, w.ChangePassword.Do(t.Context(), passwords(caller, wrongPassword, newPassword)), domain.CodeInvalidCredentials)
	if len(l.asked) != 0 {
		t.Errorf("asked about %q", l.asked)
	}
	must(t, w.ChangePassword.Do(t.Context(), passwords(caller, rightPassword, newPassword)))
	if len(l.asked) != 1 || l.asked[0] != newPassword {
		t.Errorf("asked about %q", l.asked)
	}
}

// Signing in knows no policy, and looks nothing up: who has such a password has to get in to change it.
func TestAPasswordThatIsRefusedTodayStillSignsIn(t *testing.T) {
	const common, hash = "12345678", "$argon2id$v=19$m=8,t=1,p=1$TqrToN/xYInxWK0ytb1J0g$RjMZgm0hI59P0xpi6NZLSOEv9c+oYlwvvTagCwlg0DQ"
	l := &leaks{known: domain.NewSecret(common)}
	w := newWorld(t, leaking(l), func(d *app.Deps) { d.Passwords.MinLength = 15 })
	must(t, w.users.Create(t.Context(), domain.User{
		ID: domain.NewUserID(w.clock.Now()), Email: domain.RestoreEmail(email), PasswordHash: domain.NewSecret(hash),
	}))
	in, err := w.LoginUser.Do(t.Context(), credentials(common, home))
	must(t, err)
	if len(l.asked) != 0 {
		t.Error("a password that signs in was looked up")
	}
	must(t, w.ChangePassword.Do(t.Context(), passwords(w.caller(in), common, rightPassword)))
}
