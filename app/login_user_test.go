package app_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

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
		if !reflect.DeepEqual(answer.User, w.stored()) {
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
	w.events.reset()
	newest := w.signIn(home)
	w.events.were(t, domain.EventSessionEnded, domain.EventSignedIn)
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
