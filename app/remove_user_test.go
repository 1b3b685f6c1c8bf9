package app_test

import (
	"errors"
	"testing"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func removal(u domain.User) app.RemoveUserRequest {
	return app.RemoveUserRequest{User: u, Client: desk}
}

func TestRemoveUser(t *testing.T) {
	w, operator := operated(t)
	here := w.signIn(home)
	ada := w.stored()
	w.events.reset()
	must(t, operator.RemoveUser.Do(t.Context(), removal(ada)))
	w.events.were(t, domain.EventAccountDeleted)
	w.gone(t, here.Tokens)
	if left, err := w.sessions.ByUser(t.Context(), ada.ID); err != nil || len(left) != 0 {
		t.Errorf("left are the sessions %v, %v", left, err)
	}
}

// An owner is kept from deleting by a change of the password; an operator is not.
func TestRemoveUserWinsOverAChangeOfThePassword(t *testing.T) {
	w, operator := operated(t)
	here := w.signIn(home)
	w.faults.race("users.Update", func() { must(t, w.changePassword(here)) })
	must(t, operator.RemoveUser.Do(t.Context(), removal(w.stored())))
	w.gone(t, here.Tokens)
}

func TestRemoveUserThatFailsLeavesTheAccount(t *testing.T) {
	w, operator := operated(t)
	here := w.signIn(home)
	ada := w.stored()
	w.events.reset()
	w.faults.reset()
	w.faults.at, w.faults.err = 3, ports.Unavailable(errBroken) // the first picture, after the user was read and closed
	if err := operator.RemoveUser.Do(t.Context(), removal(ada)); !errors.Is(err, errBroken) {
		t.Fatalf("the error is %v", err)
	}
	w.events.were(t)
	w.images.shows(t, w.stored())
	must(t, w.authenticate(here.Tokens))
}
