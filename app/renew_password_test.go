package app_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// outdate gives ada a hash of the right password by another algorithm.
func (w *world) outdate() domain.User { return w.madeElsewhere(rightPassword) }

// madeElsewhere gives ada a hash that a back end without any preparation has made of a password.
func (w *world) madeElsewhere(pass string) domain.User {
	w.t.Helper()
	typed := domain.Password{Secret: domain.NewSecret(pass)}
	hash, err := password.New(password.Config{Algorithm: password.Bcrypt, BcryptCost: 4}).Hash(w.t.Context(), home.Network(), typed)
	must(w.t, err)
	user := w.stored()
	user.PasswordHash = hash
	must(w.t, w.users.Update(w.t.Context(), user))
	return w.stored()
}

func TestSignInRenewsAnOutdatedHash(t *testing.T) {
	w := fresh(t)
	before := w.outdate()
	_, err := w.LoginUser.Do(t.Context(), credentials(wrongPassword, home))
	fails(t, err, domain.CodeInvalidCredentials)
	if !reflect.DeepEqual(w.stored(), before) {
		t.Fatal("a wrong password renewed the hash")
	}
	earlier := w.sessionFrom(before)
	answer := w.signIn(home)
	after := w.stored()
	if after.PasswordHash.Equal(before.PasswordHash) || after.CredentialsVersion != before.CredentialsVersion || !reflect.DeepEqual(answer.User, after) {
		t.Errorf("after signing in the user is %+v, as answered %+v; it was %+v", after, answer.User, before)
	}
	if !after.Honours(earlier) {
		t.Error("renewing the hash ended the other sessions")
	}
	w.faults.reset()
	w.signIn(home)
	if w.faults.count("hasher.Hash") != 0 {
		t.Error("a hash of today was renewed")
	}
}

// Other back ends hash what is typed as it is. Their people sign in, and then however their next device composes it.
func TestSignInWithWhatWasHashedAsItWasTyped(t *testing.T) {
	for typed, prepared := range map[string]string{"non\u00a0breaking space": "non breaking space", "de\u0301compose\u0301": "décomposé"} {
		w := fresh(t)
		before := w.madeElsewhere(typed)
		if !w.opens(typed) {
			t.Errorf("%+q is refused", typed)
		}
		if w.stored().PasswordHash.Equal(before.PasswordHash) {
			t.Errorf("the hash of %+q was not renewed", typed)
		}
		if !w.opens(prepared) || !w.opens(typed) {
			t.Errorf("once renewed, %+q is refused, or %+q", prepared, typed)
		}
	}
}

// An unknown account costs what a known one costs, for the same typed text.
func TestBothFormsAreComparedForAnUnknownAccountToo(t *testing.T) {
	w := fresh(t)
	for _, login := range []app.LoginRequest{{Email: email}, {Email: "eve@example.org"}} {
		login.Password, login.Client = domain.NewSecret("wrong\u00a0password"), home
		w.faults.reset()
		_, err := w.LoginUser.Do(t.Context(), login)
		fails(t, err, domain.CodeInvalidCredentials)
		if n := w.faults.count("hasher.Verify"); n != 2 {
			t.Errorf("%s: %d comparisons; want 2", login.Email, n)
		}
	}
}

// Of a password that bcrypt cut, the hash proves the beginning alone: renewed, it would be of what was typed, typo included.
func TestAPasswordThatBcryptCutIsNotRenewed(t *testing.T) {
	w := fresh(t)
	true72 := strings.Repeat("p", 72)
	before := w.madeElsewhere(true72)
	for _, typed := range []string{true72 + "typo", true72} {
		if !w.opens(typed) || !reflect.DeepEqual(w.stored(), before) {
			t.Errorf("%d bytes are refused, or renewed the hash", len(typed))
		}
	}
}

// The renewal is for later: a sign-in does not fail because of it.
func TestARenewalThatFailsIsForLater(t *testing.T) {
	for _, call := range []string{"hasher.Hash", "users.Update"} {
		for _, fault := range []error{ports.Unavailable(errBroken), domain.Busy(time.Second), errBroken} {
			w := fresh(t)
			before := w.outdate()
			w.faults.race(call, func() { w.faults.at, w.faults.err = len(w.faults.calls), fault })
			w.signIn(home)
			if !reflect.DeepEqual(w.stored(), before) {
				t.Errorf("%s fails with %v, and the user is %+v", call, fault, w.stored())
			}
			if w.faults.reset(); w.opens(rightPassword) && w.stored().PasswordHash.Equal(before.PasswordHash) {
				t.Error("the next sign-in renewed nothing")
			}
		}
	}
}

func (w *world) sessionFrom(u domain.User) domain.Session {
	return domain.NewSession(u, home, w.clock.Now(), policy)
}

// The hash of a password that was changed meanwhile is never replaced by one of the old password.
func TestRenewingLosesToAChangeOfThePassword(t *testing.T) {
	w := fresh(t)
	w.outdate()
	newer := domain.NewSecret("$newer$")
	w.faults.race("users.Update", func() {
		must(t, w.users.Update(t.Context(), w.stored().ChangePassword(newer, "", w.clock.Now())))
	})
	answer, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, home))
	must(t, err)
	if !w.stored().PasswordHash.Equal(newer) {
		t.Error("the hash of the old password replaced the newer one")
	}
	fails(t, w.authenticate(answer.Tokens), domain.CodeSessionEnded)
}

func TestRenewingTheHashOfAnAccountThatIsGone(t *testing.T) {
	w := fresh(t)
	w.outdate()
	id := w.stored().ID
	w.faults.race("users.Update", func() { must(t, w.users.Delete(t.Context(), id)) })
	_, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, home))
	fails(t, err, domain.CodeInvalidCredentials)
	w.noSessions(t, id)
}

func TestRenewingAPasswordThatTodaysAlgorithmCannotTake(t *testing.T) {
	bcrypt := password.New(password.Config{Algorithm: password.Bcrypt, BcryptCost: 4})
	long := strings.Repeat("long ", 20)
	w := newWorld(t)
	req := registration()
	req.Password = domain.NewSecret(long)
	_, err := w.RegisterUser.Do(t.Context(), req)
	must(t, err)
	before := w.stored()

	today := newWorld(t, func(d *app.Deps) { d.Users, d.Hasher = w.users, bcrypt })
	_, err = today.LoginUser.Do(t.Context(), credentials(long, home))
	must(t, err)
	if !reflect.DeepEqual(w.stored(), before) {
		t.Error("the hash was replaced")
	}
}
