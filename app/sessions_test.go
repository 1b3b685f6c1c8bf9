package app_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

func TestListSessions(t *testing.T) {
	w := fresh(t)
	first := w.signIn(office)
	w.clock.Advance(time.Second)
	second := w.signIn(home)
	firstID := w.caller(first).Session.ID
	must(t, w.logOut(first.Access.Secret, domain.Secret{}))

	caller := w.caller(second)
	all, err := w.ListSessions.Do(t.Context(), caller)
	must(t, err)
	if len(all) != 2 || all[0].ID != caller.Session.ID || all[1].ID != firstID {
		t.Fatalf("the sessions are %+v", all)
	}
	if all[0].Ended() || all[1].EndReason != domain.EndSignedOut {
		t.Errorf("the sessions are %+v", all)
	}

	w.clock.Advance(24 * time.Hour)
	all, err = w.ListSessions.Do(t.Context(), caller)
	must(t, err)
	if len(all) != 0 {
		t.Errorf("a day later, still seen are %+v", all)
	}
}

// The password has ended them, even where nobody came to write so.
func TestListSessionsShowsWhatThePasswordEnded(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	w.clock.Advance(time.Second)
	w.signIn(office)
	kept := w.caller(here).Session.ID
	must(t, w.users.Update(t.Context(), w.stored().ChangePassword(w.stored().PasswordHash, kept, w.clock.Now())))
	changed := w.clock.Now()
	for range 2 { // and it ended when it ended, whenever it is looked at
		w.clock.Advance(time.Second)
		all, err := w.ListSessions.Do(t.Context(), w.caller(here))
		must(t, err)
		if all[0].EndReason != domain.EndPasswordChanged || !all[0].EndedAt.Equal(changed) || all[1].Ended() {
			t.Errorf("the sessions are %+v", all)
		}
	}
}

func TestEndSession(t *testing.T) {
	w := fresh(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	req := app.EndSessionRequest{Caller: w.caller(here), ID: w.caller(elsewhere).Session.ID, Client: home}
	w.events.reset()
	must(t, w.EndSession.Do(t.Context(), req))
	must(t, w.EndSession.Do(t.Context(), req)) // over already is no error
	w.events.were(t, domain.EventSessionEnded)
	w.dead(elsewhere.Tokens)
	must(t, w.authenticate(here.Tokens))
}

func TestEndSessionThatLosesTheRaceStillEndsIt(t *testing.T) {
	w := fresh(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	req := app.EndSessionRequest{Caller: w.caller(here), ID: w.caller(elsewhere).Session.ID}
	var refreshed app.Tokens
	w.faults.race("sessions.Update", func() { refreshed = w.refreshed(elsewhere.Tokens) })
	must(t, w.EndSession.Do(t.Context(), req))
	w.dead(refreshed)
}

func TestEndSessionOfSomebodyElse(t *testing.T) {
	w := fresh(t)
	eve := registration()
	eve.Email, eve.Username = "eve@example.org", "eve"
	_, err := w.RegisterUser.Do(t.Context(), eve)
	must(t, err)
	evil, err := w.LoginUser.Do(t.Context(), app.LoginRequest{Username: "eve", Password: eve.Password, Client: office})
	must(t, err)
	ada := w.signIn(home)
	for _, id := range []domain.SessionID{w.caller(ada).Session.ID, "", "unknown"} {
		err := w.EndSession.Do(t.Context(), app.EndSessionRequest{Caller: w.caller(evil), ID: id})
		fails(t, err, domain.CodeNotFound)
	}
	n, err := w.EndSessions.Do(t.Context(), app.EndSessionsRequest{Caller: w.caller(evil)})
	if err != nil || n != 1 {
		t.Errorf("ended %d, %v; want eve's own", n, err)
	}
	must(t, w.authenticate(ada.Tokens))
}

func TestEndSessions(t *testing.T) {
	for _, c := range []struct {
		keep bool
		want int
	}{{true, 2}, {false, 3}} {
		w := fresh(t)
		here := w.signIn(home)
		others := []app.LoginResponse{w.signIn(office), w.signIn(office)}
		over := w.signIn(office)
		must(t, w.logOut(over.Access.Secret, domain.Secret{}))
		w.events.reset()

		n, err := w.EndSessions.Do(t.Context(), app.EndSessionsRequest{Caller: w.caller(here), KeepCurrent: c.keep, Client: home})
		if err != nil || n != c.want {
			t.Errorf("keeping %t, ended %d, %v; want %d", c.keep, n, err, c.want)
		}
		w.events.were(t, slices.Repeat([]domain.EventKind{domain.EventSessionEnded}, c.want)...)
		for _, other := range others {
			w.dead(other.Tokens)
		}
		if c.keep {
			must(t, w.authenticate(here.Tokens))
			continue
		}
		w.dead(here.Tokens)
	}
}

// Whoever is told that it failed can ask again: the caller's own session ends last.
func TestEndSessionsThatFailsCanBeRepeated(t *testing.T) {
	for call := range 5 { // ByUser; Get and Update of the other session; Get and Update of the caller's own
		w := fresh(t)
		w.signIn(office)
		w.clock.Advance(time.Second)
		here := w.signIn(home)
		caller := w.caller(here)
		w.faults.reset()
		w.faults.at, w.faults.err = call+1, errBroken
		if _, err := w.EndSessions.Do(t.Context(), app.EndSessionsRequest{Caller: caller}); !errors.Is(err, errBroken) {
			t.Errorf("call %d failed, and the error is %v", call+1, err)
		}
		w.faults.reset()
		_, err := w.EndSessions.Do(t.Context(), app.EndSessionsRequest{Caller: w.caller(here)})
		must(t, err)
		w.dead(here.Tokens)
		if w.living() != 0 {
			t.Errorf("%d sessions live", w.living())
		}
	}
}
