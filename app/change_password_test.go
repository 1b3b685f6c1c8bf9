package app_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const newPassword = "another horse battery"

func passwords(caller app.Caller, old, next string) app.ChangePasswordRequest {
	return app.ChangePasswordRequest{Caller: caller, Old: domain.NewSecret(old), New: domain.NewSecret(next), Client: home}
}

func (w *world) changePassword(signedIn app.LoginResponse) error {
	return w.ChangePassword.Do(w.t.Context(), passwords(w.caller(signedIn), rightPassword, newPassword))
}

// opens reports whether a password signs ada in, from where no guesses were counted.
func (w *world) opens(password string) bool {
	w.t.Helper()
	_, err := w.LoginUser.Do(w.t.Context(), credentials(password, domain.Client{IP: "203.0.113.9"}))
	if err != nil {
		fails(w.t, err, domain.CodeInvalidCredentials)
	}
	return err == nil
}

func TestChangePassword(t *testing.T) {
	w := fresh(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	w.events.reset()
	must(t, w.changePassword(here))
	w.events.were(t, domain.EventPasswordChanged)
	if w.opens(rightPassword) || !w.opens(newPassword) {
		t.Error("the password did not change")
	}
	must(t, w.authenticate(here.Tokens))
	w.refreshed(here.Tokens)
	w.dead(elsewhere.Tokens)
}

func TestChangePasswordSaysWhyOthersEnded(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	w.signIn(office)
	must(t, w.changePassword(here))
	all, err := w.ListSessions.Do(t.Context(), w.caller(here))
	must(t, err)
	for _, s := range all {
		if s.UserAgent == office.UserAgent && s.EndReason != domain.EndPasswordChanged {
			t.Errorf("the other session is %+v", s)
		}
	}
}

func TestChangePasswordRefuses(t *testing.T) {
	w := fresh(t)
	caller := w.caller(w.signIn(home))
	before := w.stored()
	err := w.ChangePassword.Do(t.Context(), passwords(caller, " ", "short"))
	blames(t, err, domain.CodeValidationFailed, "oldPassword", "newPassword")
	err = w.ChangePassword.Do(t.Context(), passwords(caller, wrongPassword, newPassword))
	fails(t, err, domain.CodeInvalidCredentials)
	if !reflect.DeepEqual(w.stored(), before) {
		t.Error("the user changed")
	}
}

// The user is the one who is signed in, by the name that is theirs today.
func TestChangePasswordRefusesOneMadeOfTheAccount(t *testing.T) {
	w := fresh(t)
	in := w.signIn(home)
	name := "Countess"
	_, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: w.caller(in), Username: &name})
	must(t, err)
	for _, password := range []string{"ada@example.org", "Countess1852", "lovelace!"} {
		err := w.ChangePassword.Do(t.Context(), passwords(w.caller(in), rightPassword, password))
		blames(t, err, domain.CodeValidationFailed, "newPassword")
	}
	must(t, w.ChangePassword.Do(t.Context(), passwords(w.caller(in), rightPassword, "adaada18 is no more")))
}

// A sign-in that compared the old password before the change, and stores its session after it.
func TestChangePasswordClosesTheDoorOnSignInsInFlight(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	w.faults.race("sessions.Create", func() { must(t, w.changePassword(here)) })
	inFlight := w.signIn(office)
	w.dead(inFlight.Tokens)
	must(t, w.authenticate(here.Tokens))
}

// A refresh that read its session before the change, and stores it after it.
func TestChangePasswordBeatsARefreshInFlight(t *testing.T) {
	w := fresh(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	w.faults.race("sessions.Update", func() { must(t, w.changePassword(here)) })
	_, err := w.refresh(elsewhere.Tokens)
	fails(t, err, domain.CodeSessionEnded)
	w.dead(elsewhere.Tokens)
}

// Of two who change the password at once, one does, and the other's session is over.
func TestChangePasswordLosesToAnotherChange(t *testing.T) {
	w := fresh(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	w.faults.race("users.Update", func() { must(t, w.changePassword(here)) })
	err := w.ChangePassword.Do(t.Context(), passwords(w.caller(elsewhere), rightPassword, "a third password"))
	fails(t, err, domain.CodeSessionEnded)
	if !w.opens(newPassword) || w.opens("a third password") {
		t.Error("the loser's password is the one that opens")
	}
	w.dead(elsewhere.Tokens)
}

// A change of the profile at the same time is no reason to fail, nor is it lost.
func TestChangePasswordKeepsWhatElseChanges(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	name := "Ada King"
	w.faults.race("users.Update", func() {
		_, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: w.caller(here), Fullname: &name})
		must(t, err)
	})
	must(t, w.changePassword(here))
	if w.stored().Fullname != name || !w.opens(newPassword) {
		t.Errorf("the user is %+v", w.stored())
	}
}

func TestChangePasswordOfAnAccountThatIsGone(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	w.faults.race("users.Update", func() { must(t, w.users.Delete(t.Context(), w.stored().ID)) })
	fails(t, w.changePassword(here), domain.CodeSessionEnded)
}

func TestChangePasswordThatFailsLeavesOnePassword(t *testing.T) {
	signedIn := func(t *testing.T) *world {
		w := fresh(t)
		w.signIn(office)
		w.presented = w.signIn(home)
		return w
	}
	run := func(ctx context.Context, w *world) error {
		caller, err := w.Authenticate.Do(context.WithoutCancel(ctx), w.presented.Access.Secret)
		if err != nil {
			return err
		}
		return w.ChangePassword.Do(ctx, passwords(caller, rightPassword, newPassword))
	}
	failEach(t, signedIn, run, func(t *testing.T, w *world, call string, err error) {
		if err != nil && !errors.Is(err, errBroken) && !errors.Is(err, ports.ErrUnavailable) {
			t.Errorf("the error is %v; want the one of %s", err, call)
		}
		changed := w.opens(newPassword)
		if w.opens(rightPassword) == changed {
			t.Errorf("after %v, both or neither password opens", err)
		}
		if err == nil && !changed {
			t.Error("a change that succeeded did not happen")
		}
		must(t, w.authenticate(w.presented.Tokens))
		if changed {
			w.othersAreDead(t)
		}
	})
}

// othersAreDead checks that of the sessions of the office none serves.
func (w *world) othersAreDead(t *testing.T) {
	t.Helper()
	all, err := w.sessions.ByUser(t.Context(), w.stored().ID)
	must(t, err)
	for _, s := range all {
		if s.UserAgent == office.UserAgent && s.Alive(w.stored(), w.clock.Now()) {
			t.Errorf("the session %+v outlived the change of the password", s)
		}
	}
}
