package app_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func TestSignIn(t *testing.T) {
	w := fresh(t)
	for _, req := range []app.LoginRequest{
		{Email: " ADA@example.org "}, {Username: "ＡＤＡ "}, {Email: "ada@example.org", Username: "nobody"},
	} {
		req.Password, req.Client = domain.NewSecret(rightPassword), home
		answer, err := w.LoginUser.Do(t.Context(), req)
		must(t, err)
		if answer.User != w.stored() {
			t.Errorf("signed in is %+v; want %+v", answer.User, w.stored())
		}
		must(t, w.authenticate(answer.Tokens))
		session := w.caller(answer).Session
		if session.IP != home.IP || session.UserAgent != home.UserAgent || session.Generation != 1 {
			t.Errorf("the session is %+v", session)
		}
		w.events.were(t, domain.EventSignedIn)
	}
}

func TestSignInNeedsBothFields(t *testing.T) {
	w := fresh(t)
	_, err := w.LoginUser.Do(t.Context(), app.LoginRequest{Email: " ", Password: domain.NewSecret(" ")})
	blames(t, err, domain.CodeValidationFailed, "email", "password")
	_, err = w.LoginUser.Do(t.Context(), app.LoginRequest{Email: email, Password: domain.NewSecret(strings.Repeat("x", 1<<20))})
	blames(t, err, domain.CodeValidationFailed, "password")
}

// An outsider learns from neither the answer nor the work whether there is such an account.
func TestUnknownAccountAndWrongPasswordAreTheSame(t *testing.T) {
	refused := func(w *world, req app.LoginRequest) (string, []string) {
		w.faults.reset()
		_, err := w.LoginUser.Do(t.Context(), req)
		fails(t, err, domain.CodeInvalidCredentials)
		return err.Error(), slices.Clone(w.faults.calls)
	}
	w := fresh(t)
	wrong, work := refused(w, credentials(wrongPassword, home))
	w.events.were(t, domain.EventSignInFailed)
	if w.faults.count("hasher.Verify") != 1 {
		t.Errorf("a wrong password cost %v; want one comparison", work)
	}
	for _, login := range []app.LoginRequest{
		{Email: "eve@example.org"}, {Username: "eve"}, {Email: "no address"}, {Username: "no name"}, {Email: "\xff\x00"},
	} {
		w := fresh(t)
		login.Password, login.Client = domain.NewSecret(rightPassword), home
		message, same := refused(w, login)
		w.events.were(t, domain.EventSignInFailed)
		if message != wrong || !slices.Equal(same, work) {
			t.Errorf("an unknown account: %s after %v; a wrong password: %s after %v", message, same, wrong, work)
		}
	}
}

func TestSignInMayRevealUnknownAccounts(t *testing.T) {
	w := fresh(t, func(d *app.Deps) { d.RevealUnknownUser = true })
	unknown := app.LoginRequest{Username: "eve", Password: domain.NewSecret(rightPassword), Client: office}
	_, err := w.LoginUser.Do(t.Context(), unknown)
	fails(t, err, domain.CodeUserNotFound)
	_, err = w.LoginUser.Do(t.Context(), credentials(wrongPassword, home))
	fails(t, err, domain.CodeInvalidCredentials)
	for range accountLimit {
		_, err = w.LoginUser.Do(t.Context(), unknown)
	}
	fails(t, err, domain.CodeTooManyAttempts) // looking for accounts is bounded as guessing is
}

func TestAnAccountWithoutPasswordIsNobodys(t *testing.T) {
	w := fresh(t)
	user := w.stored()
	user.PasswordHash = domain.Secret{}
	must(t, w.users.Update(t.Context(), user))
	_, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, home))
	fails(t, err, domain.CodeInvalidCredentials)
}

// A damaged hash is a fault of the service, never a wrong password.
func TestADamagedHashIsAFault(t *testing.T) {
	w := fresh(t)
	user := w.stored()
	user.PasswordHash = domain.NewSecret("$argon2id$v=19$m=68719476736,t=1,p=1$AAAA$AAAA")
	must(t, w.users.Update(t.Context(), user))
	_, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, home))
	if _, known := errors.AsType[*domain.Error](err); err == nil || known {
		t.Errorf("the error is %v; want one that is no domain error", err)
	}
	w.events.were(t)
}

// outdate gives ada a hash of the right password by another algorithm.
func (w *world) outdate() domain.User { return w.madeElsewhere(rightPassword) }

// madeElsewhere gives ada a hash that a back end without any preparation has made of a password.
func (w *world) madeElsewhere(pass string) domain.User {
	w.t.Helper()
	typed := domain.Password{Secret: domain.NewSecret(pass)}
	hash, err := password.New(password.Config{Algorithm: password.Bcrypt, BcryptCost: 4}).Hash(w.t.Context(), typed)
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
	if w.stored() != before {
		t.Fatal("a wrong password renewed the hash")
	}
	earlier := w.sessionFrom(before)
	answer := w.signIn(home)
	after := w.stored()
	if after.PasswordHash == before.PasswordHash || after.CredentialsVersion != before.CredentialsVersion || answer.User != after {
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
		if w.stored().PasswordHash == before.PasswordHash {
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
		if !w.opens(typed) || w.stored() != before {
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
			if w.stored() != before {
				t.Errorf("%s fails with %v, and the user is %+v", call, fault, w.stored())
			}
			if w.faults.reset(); w.opens(rightPassword) && w.stored().PasswordHash == before.PasswordHash {
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
	if w.stored().PasswordHash != newer {
		t.Error("the hash of the old password replaced the newer one")
	}
	fails(t, w.authenticate(answer.Tokens), domain.CodeSessionEnded)
}

func TestRenewingTheHashOfAnAccountThatIsGone(t *testing.T) {
	w := fresh(t)
	w.outdate()
	w.faults.race("users.Update", func() { must(t, w.users.Delete(t.Context(), w.stored().ID)) })
	answer, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, home))
	must(t, err)
	fails(t, w.authenticate(answer.Tokens), domain.CodeSessionEnded)
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
	if w.stored() != before {
		t.Error("the hash was replaced")
	}
}

func TestPastTheNumberOfSessionsTheOldestEnds(t *testing.T) {
	w := fresh(t, func(d *app.Deps) { d.SessionFor.MaxPerUser = 2 })
	var all []app.LoginResponse
	for range 4 {
		all = append(all, w.signIn(home))
		w.clock.Advance(time.Second)
	}
	for _, ended := range all[:2] {
		fails(t, w.authenticate(ended.Tokens), domain.CodeSessionEnded)
	}
	for _, alive := range all[2:] {
		must(t, w.authenticate(alive.Tokens))
	}
	// The oldest is the one that began first, however lately it was used.
	_, err := w.refresh(all[2].Tokens)
	must(t, err)
	newest := w.signIn(home)
	fails(t, w.authenticate(all[2].Tokens), domain.CodeSessionEnded)
	must(t, w.authenticate(all[3].Tokens))
	must(t, w.authenticate(newest.Tokens))
}

// What the password has ended takes no place of what lives, even where nobody came to write that it ended.
func TestSessionsThatAreOverTakeNoPlace(t *testing.T) {
	w := fresh(t, func(d *app.Deps) { d.SessionFor.MaxPerUser = 2 })
	kept := w.signIn(home)
	w.clock.Advance(time.Second)
	w.signIn(office)
	must(t, w.users.Update(t.Context(), w.stored().ChangePassword(w.stored().PasswordHash, w.caller(kept).Session.ID, w.clock.Now())))
	w.clock.Advance(time.Second)
	w.signIn(home)
	must(t, w.authenticate(kept.Tokens))
}

func TestSignInThatFailsLeavesNoSession(t *testing.T) {
	limited := func(t *testing.T) *world {
		w := fresh(t, func(d *app.Deps) { d.SessionFor.MaxPerUser = 1 })
		w.signIn(office)
		w.clock.Advance(time.Second)
		w.outdate()
		return w
	}
	run := func(ctx context.Context, w *world) error {
		_, err := w.LoginUser.Do(ctx, credentials(rightPassword, home))
		return err
	}
	failEach(t, limited, run, func(t *testing.T, w *world, call string, err error) {
		if err == nil {
			harmless := []string{"hasher.Hash", "users.Update", "issuer.IssueAccess", "issuer.IssueRefresh"}
			if !slices.Contains(harmless, call) {
				t.Fatalf("the failure of %s went unnoticed", call)
			}
			return // the renewal is for later, or the client left when everything was done
		}
		if !errors.Is(err, errBroken) && !errors.Is(err, ports.ErrUnavailable) {
			t.Errorf("the error is %v; want the one of %s", err, call)
		}
		all, err := w.sessions.ByUser(t.Context(), w.stored().ID)
		must(t, err)
		for _, s := range all {
			if w.down {
				break // what the store has taken and nobody could end, nobody has the tokens of
			}
			if s.UserAgent == home.UserAgent && !s.Ended() {
				t.Errorf("a sign-in that failed left the session %+v", s)
			}
		}
		must(t, run(t.Context(), w))
	})
}
