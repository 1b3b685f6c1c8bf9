package app_test

import (
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

func (w *world) logOut(access, refresh domain.Secret) error {
	return w.LogoutUser.Do(w.t.Context(), app.LogoutRequest{Access: access, Refresh: refresh, Client: home})
}

// dead checks that nothing comes of a sign-in any more.
func (w *world) dead(tokens app.Tokens) {
	w.t.Helper()
	_, err := w.refresh(tokens)
	fails(w.t, err, domain.CodeSessionEnded)
	fails(w.t, w.authenticate(tokens), domain.CodeSessionEnded)
}

func TestSignOut(t *testing.T) {
	none := domain.Secret{}
	rubbish := domain.NewSecret("rubbish")
	for name, present := range map[string]func(app.Tokens) (access, refresh domain.Secret){
		"with the access token":                 func(x app.Tokens) (a, r domain.Secret) { return x.Access.Secret, none },
		"with both":                             func(x app.Tokens) (a, r domain.Secret) { return x.Access.Secret, x.Refresh.Secret },
		"with the refresh token":                func(x app.Tokens) (a, r domain.Secret) { return none, x.Refresh.Secret },
		"with a bad access token":               func(x app.Tokens) (a, r domain.Secret) { return rubbish, x.Refresh.Secret },
		"with a good one and a bad other token": func(x app.Tokens) (a, r domain.Secret) { return x.Access.Secret, rubbish },
	} {
		t.Run(name, func(t *testing.T) {
			w := fresh(t)
			tokens, other := w.signIn(home).Tokens, w.signIn(office).Tokens
			w.events.reset()
			must(t, w.logOut(present(tokens)))
			must(t, w.logOut(present(tokens))) // twice is no error
			w.events.were(t, domain.EventSignedOut)
			w.dead(tokens)
			must(t, w.authenticate(other))
		})
	}
}

func TestSignOutByTheRefreshTokenOnceTheAccessTokenHasExpired(t *testing.T) {
	w := fresh(t)
	tokens := w.signIn(home).Tokens
	w.clock.Advance(accessTTL)
	fails(t, w.logOut(tokens.Access.Secret, domain.Secret{}), domain.CodeTokenExpired)
	must(t, w.logOut(tokens.Access.Secret, tokens.Refresh.Secret))
	if w.living() != 0 {
		t.Error("the session lives")
	}
}

func TestSignOutByARetiredToken(t *testing.T) {
	w := fresh(t)
	first := w.signIn(home).Tokens
	last := w.refreshed(w.refreshed(first))
	w.clock.Advance(time.Hour)
	must(t, w.logOut(domain.Secret{}, first.Refresh.Secret))
	_, err := w.refresh(last)
	fails(t, err, domain.CodeSessionEnded)
}

func TestSignOutRefuses(t *testing.T) {
	w := fresh(t)
	signedIn := w.signIn(home)
	stranger := w.caller(signedIn).Session
	stranger.Seed[0] ^= 1
	forged, err := w.tokens.IssueRefresh(stranger)
	must(t, err)
	none := domain.Secret{}
	fails(t, w.logOut(none, none), domain.CodeTokenMissing)
	fails(t, w.logOut(domain.NewSecret("rubbish"), none), domain.CodeTokenInvalid)
	fails(t, w.logOut(none, domain.NewSecret("rubbish")), domain.CodeTokenInvalid)
	fails(t, w.logOut(signedIn.Refresh.Secret, none), domain.CodeTokenInvalid)
	fails(t, w.logOut(none, signedIn.Access.Secret), domain.CodeTokenInvalid)
	fails(t, w.logOut(none, forged.Secret), domain.CodeTokenInvalid)
	must(t, w.authenticate(signedIn.Tokens))
}

func TestSignOutOfASessionThatIsGone(t *testing.T) {
	w := fresh(t)
	tokens := w.signIn(home).Tokens
	must(t, w.sessions.DeleteByUser(t.Context(), w.stored().ID))
	must(t, w.logOut(tokens.Access.Secret, domain.Secret{}))
	must(t, w.logOut(domain.Secret{}, tokens.Refresh.Secret))
}

// Signing out beats refreshing, whichever writes first.
func TestSignOutThatLosesTheRaceStillEndsTheSession(t *testing.T) {
	w := fresh(t)
	first := w.signIn(home).Tokens
	var second app.Tokens
	w.faults.race("sessions.Update", func() { second = w.refreshed(first) })
	must(t, w.logOut(first.Access.Secret, domain.Secret{}))
	w.dead(first)
	w.dead(second)
}

func TestSignOutAmongRefreshesAlwaysLeavesTheSessionDead(t *testing.T) {
	w := fresh(t)
	for range 20 {
		first := w.signIn(home).Tokens
		answers := make([]app.Tokens, 8)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				tokens := first
				for err := error(nil); err == nil; tokens, err = w.refresh(tokens) {
					answers[i] = tokens
				}
			})
		}
		wg.Go(func() {
			if err := w.logOut(first.Access.Secret, domain.Secret{}); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		for _, tokens := range answers {
			w.dead(tokens)
		}
	}
}

func TestAuthenticate(t *testing.T) {
	w := fresh(t)
	signedIn := w.signIn(home)
	caller := w.caller(signedIn)
	if !reflect.DeepEqual(caller.User, w.stored()) || caller.Session.UserID != w.stored().ID {
		t.Errorf("the caller is %+v", caller)
	}
	for _, c := range []struct {
		token domain.Secret
		want  domain.Code
	}{
		{domain.Secret{}, domain.CodeTokenMissing},
		{domain.NewSecret("rubbish"), domain.CodeTokenInvalid},
		{signedIn.Refresh.Secret, domain.CodeTokenInvalid},
	} {
		_, err := w.Authenticate.Do(t.Context(), c.token)
		fails(t, err, c.want)
	}
	must(t, w.users.Delete(t.Context(), caller.User.ID))
	w.dead(signedIn.Tokens)
}

// An access token never outlives the session, even where it says that it does.
func TestAuthenticateAsksTheSessionNotTheToken(t *testing.T) {
	w := fresh(t, func(d *app.Deps) { d.SessionFor.MaxAge = time.Minute })
	signedIn := w.signIn(home)
	session := w.caller(signedIn).Session
	w.clock.Advance(time.Minute - time.Millisecond)
	generous := session
	generous.ExpiresAt = session.ExpiresAt.Add(time.Hour)
	token, err := w.tokens.IssueAccess(w.stored(), generous, w.clock.Now())
	must(t, err)
	_, err = w.Authenticate.Do(t.Context(), token.Secret)
	must(t, err)
	w.clock.Advance(time.Millisecond)
	_, err = w.Authenticate.Do(t.Context(), token.Secret)
	fails(t, err, domain.CodeSessionEnded)
}

func TestAuthenticateTellsAFaultFromAnEnd(t *testing.T) {
	for _, call := range []int{1, 2} {
		w := fresh(t)
		tokens := w.signIn(home).Tokens
		w.faults.reset()
		w.faults.at, w.faults.err = call, errBroken
		if err := w.authenticate(tokens); !errors.Is(err, errBroken) {
			t.Errorf("the error is %v; want the store's", err)
		}
	}
}
