package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func deletion(caller app.Caller, password string) app.DeleteAccountRequest {
	return app.DeleteAccountRequest{Caller: caller, Password: domain.NewSecret(password), Client: home}
}

// gone checks that nothing is left of ada but what her tokens say.
func (w *world) gone(t *testing.T, tokens app.Tokens) {
	t.Helper()
	w.nobodyRegistered(t)
	w.dead(tokens)
}

func TestDeleteAccount(t *testing.T) {
	w := fresh(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	caller := w.caller(here)
	w.events.reset()
	must(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword)))
	w.events.were(t, domain.EventAccountDeleted)
	w.gone(t, here.Tokens)
	w.gone(t, elsewhere.Tokens)
	if left, err := w.sessions.ByUser(t.Context(), caller.User.ID); err != nil || len(left) != 0 {
		t.Errorf("left are the sessions %v, %v", left, err)
	}
	_, err := w.RegisterUser.Do(t.Context(), registration())
	must(t, err)
}

func TestDeleteAccountRefuses(t *testing.T) {
	w := fresh(t)
	caller := w.caller(w.signIn(home))
	blames(t, w.DeleteAccount.Do(t.Context(), deletion(caller, "")), domain.CodeValidationFailed, "password")
	fails(t, w.DeleteAccount.Do(t.Context(), deletion(caller, wrongPassword)), domain.CodeInvalidCredentials)
	w.images.shows(t, w.stored())
	must(t, w.authenticate(app.Tokens{Access: w.signIn(home).Access}))
}

// The caller was read when the request came in. A picture may have been changed since.
func TestDeleteAccountRemovesThePicturesOfNow(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	caller := w.caller(here)
	w.faults.race("hasher.Verify", func() {
		_, err := w.ChangeImage.Do(t.Context(), app.ChangeImageRequest{Caller: caller, Which: domain.Avatar, Data: []byte("newer")})
		must(t, err)
	})
	must(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword)))
	w.gone(t, here.Tokens)
}

// Whoever knows an old password alone deletes nothing.
func TestDeleteAccountLosesToAChangeOfThePassword(t *testing.T) {
	w := fresh(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	caller := w.caller(elsewhere)
	w.faults.race("hasher.Verify", func() { must(t, w.changePassword(here)) })
	fails(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword)), domain.CodeSessionEnded)
	w.images.shows(t, w.stored())
}

func TestDeleteAccountTwiceAtOnce(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	caller := w.caller(here)
	w.faults.race("hasher.Verify", func() { must(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword))) })
	must(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword)))
	w.gone(t, here.Tokens)
}

// A sign-in that compared the password before the account went, and stores its session after it.
func TestDeleteAccountClosesTheDoorOnSignInsInFlight(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	w.faults.race("sessions.Create", func() {
		must(t, w.DeleteAccount.Do(t.Context(), deletion(w.caller(here), rightPassword)))
	})
	answer, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, office))
	must(t, err)
	w.gone(t, answer.Tokens)
}

func TestDeleteAccountThatFailsCanBeRepeated(t *testing.T) {
	signedIn := func(t *testing.T) *world {
		w := fresh(t)
		w.presented = w.signIn(home)
		return w
	}
	run := func(ctx context.Context, w *world) error {
		caller, err := w.Authenticate.Do(context.WithoutCancel(ctx), w.presented.Access.Secret)
		if err != nil {
			return err
		}
		return w.DeleteAccount.Do(ctx, deletion(caller, rightPassword))
	}
	failEach(t, signedIn, run, func(t *testing.T, w *world, call string, err error) {
		if err != nil && !errors.Is(err, errBroken) && !errors.Is(err, ports.ErrUnavailable) {
			t.Errorf("the error is %v; want the one of %s", err, call)
		}
		if _, missing := w.users.ByLogin(t.Context(), domain.Login{Email: domain.RestoreEmail(email)}); missing == nil {
			if err == nil {
				t.Error("an account that was deleted is still there")
			}
			must(t, w.authenticate(w.presented.Tokens))
			must(t, run(t.Context(), w))
		}
		w.gone(t, w.presented.Tokens)
	})
}
