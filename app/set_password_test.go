package app_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

func setTo(u domain.User, password string) app.SetPasswordRequest {
	return app.SetPasswordRequest{User: u, New: domain.NewSecret(password), Client: desk}
}

func TestSetPassword(t *testing.T) {
	w, operator := operated(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	w.events.reset()
	must(t, operator.SetPassword.Do(t.Context(), setTo(w.stored(), newPassword)))
	w.events.were(t, domain.EventPasswordChanged)
	w.dead(here.Tokens)
	w.dead(elsewhere.Tokens)
	if w.living() != 0 {
		t.Error("sessions are not marked as ended")
	}
	if w.opens(rightPassword) || !w.opens(newPassword) {
		t.Error("the password did not change")
	}
}

// The session that outlives an owner's own change does not outlive an operator's.
func TestSetPasswordEndsTheSessionOfTheLastChangeToo(t *testing.T) {
	w, operator := operated(t)
	here := w.signIn(home)
	must(t, w.changePassword(here))
	must(t, operator.SetPassword.Do(t.Context(), setTo(w.stored(), rightPassword)))
	w.dead(here.Tokens)
}

func TestSetPasswordKeepsThePolicy(t *testing.T) {
	w, operator := operated(t)
	before := w.stored()
	for _, password := range []string{"", "short", "password123", before.Email.String()} {
		blames(t, operator.SetPassword.Do(t.Context(), setTo(before, password)), domain.CodeValidationFailed, "password")
	}
	if !reflect.DeepEqual(w.stored(), before) {
		t.Error("the user changed")
	}
}

// Whoever holds the account may change the password at that very moment. The operator's holds.
func TestSetPasswordWinsOverItsOwners(t *testing.T) {
	w, operator := operated(t)
	here := w.signIn(home)
	w.faults.race("users.Update", func() { must(t, w.changePassword(here)) })
	must(t, operator.SetPassword.Do(t.Context(), setTo(w.stored(), "a third horse battery")))
	w.dead(here.Tokens)
	if w.opens(newPassword) || !w.opens("a third horse battery") {
		t.Error("the owner's password holds")
	}
}

func TestSetPasswordOfWhoIsGone(t *testing.T) {
	w, operator := operated(t)
	ada := w.stored()
	must(t, w.users.Update(t.Context(), ada.Close(w.clock.Now())))
	fails(t, operator.SetPassword.Do(t.Context(), setTo(ada, newPassword)), domain.CodeUnavailable)
	w.clock.Advance(time.Minute)
	must(t, operator.SetPassword.Do(t.Context(), setTo(ada, newPassword)))
	must(t, w.users.Delete(t.Context(), ada.ID))
	fails(t, operator.SetPassword.Do(t.Context(), setTo(ada, newPassword)), domain.CodeUserNotFound)
}
