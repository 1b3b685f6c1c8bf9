package app_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

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

// However late a picture comes, and in whichever session, it does not outlive the account.
func TestDeleteAccountLeavesNoPictureThatComesMeanwhile(t *testing.T) {
	for _, call := range []string{"users.Update", "images.Delete", "users.Delete", "sessions.DeleteByUser"} {
		for who, caller := range map[string]func(w *world, before app.Caller) (app.Caller, error){
			"a request that set out before": func(_ *world, before app.Caller) (app.Caller, error) { return before, nil },
			"the same session": func(w *world, _ app.Caller) (app.Caller, error) {
				return w.Authenticate.Do(t.Context(), w.presented.Access.Secret)
			},
			"a new session": func(w *world, _ app.Caller) (app.Caller, error) {
				in, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, office))
				if err != nil {
					return app.Caller{}, err
				}
				return w.Authenticate.Do(t.Context(), in.Access.Secret)
			},
		} {
			t.Run(call+" after "+who, func(t *testing.T) {
				w := fresh(t)
				w.presented = w.signIn(home)
				before := w.caller(w.presented)
				w.faults.race(call, func() {
					if caller, err := caller(w, before); err == nil {
						_, _ = w.ChangeImage.Do(t.Context(), app.ChangeImageRequest{Caller: caller, Which: domain.Avatar, Data: []byte("newer")})
					}
				})
				must(t, w.DeleteAccount.Do(t.Context(), deletion(before, rightPassword)))
				w.gone(t, w.presented.Tokens)
			})
		}
	}
}

// A deletion that was cut off, by a power failure say, keeps its owner from changing anything for a minute only.
func TestAnAccountThatIsBeingDeletedTakesNoChanges(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	must(t, w.users.Update(t.Context(), w.stored().Close(w.clock.Now())))
	changes := map[string]func() error{
		"profile": func() error {
			name := "Ada King"
			_, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: w.caller(here), Fullname: &name})
			return err
		},
		"picture": func() error {
			_, err := w.ChangeImage.Do(t.Context(), app.ChangeImageRequest{Caller: w.caller(here), Which: domain.Avatar, Data: []byte("newer")})
			return err
		},
		"password": func() error { return w.changePassword(here) },
	}
	for what, change := range changes {
		before := w.stored()
		if fails(t, change(), domain.CodeSessionEnded); !reflect.DeepEqual(w.stored(), before) {
			t.Errorf("a user who is being deleted got another %s", what)
		}
	}
	w.clock.Advance(time.Minute)
	for _, what := range []string{"profile", "picture", "password"} {
		must(t, changes[what]())
	}
	must(t, w.DeleteAccount.Do(t.Context(), deletion(w.caller(here), newPassword)))
}

// The answer to the first step of a deletion is lost, so that the account is to be given back; another deletion, which
// found no pictures in it, has got between.
func TestDeleteAccountGivesBackNothingToAnother(t *testing.T) {
	for how, another := range map[string]func(w *world, deletes func() error){
		"under way": func(w *world, _ func() error) { must(t, w.users.Update(t.Context(), w.stored().Close(w.clock.Now()))) },
		"done":      func(_ *world, deletes func() error) { must(t, deletes()) },
	} {
		t.Run(how, func(t *testing.T) {
			w := fresh(t)
			here := w.signIn(home)
			caller := w.caller(here)
			deletes := func() error { return w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword)) }
			w.faults.race("users.Update", func() {
				w.faults.at, w.faults.done, w.faults.err = len(w.faults.calls), true, ports.Unavailable(errBroken)
				w.faults.race("users.Update", func() { another(w, deletes) })
			})
			fails(t, deletes(), domain.CodeUnavailable)
			w.images.shows(t)
			must(t, deletes())
			w.gone(t, here.Tokens)
		})
	}
}

// The first step of a deletion fails, because the store does, while somebody else writes what is no business of undoing.
func TestDeleteAccountThatFailsTakesNothingBackOfOthers(t *testing.T) {
	w := fresh(t)
	here := w.signIn(home)
	caller := w.caller(here)
	w.faults.race("users.Update", func() {
		w.faults.at, w.faults.err = len(w.faults.calls), ports.Unavailable(errBroken)
		must(t, w.changePassword(here))
	})
	fails(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword)), domain.CodeUnavailable)
	w.images.shows(t, w.stored())
	if w.opens(rightPassword) || !w.opens(newPassword) {
		t.Error("the change of the password was taken back")
	}
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
	w.events.reset()
	w.faults.race("hasher.Verify", func() { must(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword))) })
	must(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword)))
	w.gone(t, here.Tokens)
	w.events.were(t, domain.EventAccountDeleted) // once
}

// A sign-in that compared the password before the account goes, wherever in it that is: nothing of it stays.
func TestDeleteAccountClosesTheDoorOnSignInsInFlight(t *testing.T) {
	for _, call := range []string{"hasher.Verify", "sessions.Create", "users.ByID"} {
		for reveal, want := range map[bool]domain.Code{false: domain.CodeInvalidCredentials, true: domain.CodeUserNotFound} {
			w := fresh(t, func(d *app.Deps) { d.RevealUnknownUser = reveal })
			caller := w.caller(w.signIn(home))
			w.events.reset()
			w.faults.race(call, func() { must(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword))) })
			_, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, office))
			fails(t, err, want)
			w.noSessions(t, caller.User.ID)
			w.events.were(t, domain.EventAccountDeleted)
		}
	}
}

// A sign-in while an account goes, at any point of that: whoever comes last leaves no session behind.
func TestSignInWhileTheAccountGoes(t *testing.T) {
	for _, call := range []string{"users.Update", "images.Delete", "users.Delete", "sessions.DeleteByUser"} {
		w := fresh(t)
		here := w.signIn(home)
		caller := w.caller(here)
		w.faults.race(call, func() { _, _ = w.LoginUser.Do(t.Context(), credentials(rightPassword, office)) })
		must(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword)))
		w.gone(t, here.Tokens)
		w.noSessions(t, caller.User.ID)
	}
}

// noSessions checks that nothing is kept of where a user was signed in.
func (w *world) noSessions(t *testing.T, id domain.UserID) {
	t.Helper()
	w.Wait()
	if left, err := w.sessions.ByUser(t.Context(), id); err != nil || len(left) != 0 {
		t.Errorf("left are the sessions %v, %v", left, err)
	}
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
			if u := w.stored(); !w.down {
				w.images.shows(t, u)
				if u.Closed(w.clock.Now()) {
					t.Error("the account was not given back")
				}
			}
			must(t, w.authenticate(w.presented.Tokens))
			must(t, run(t.Context(), w))
		}
		if w.down {
			return // what nobody could find out may leave pictures, never a user who shows one that is gone
		}
		w.gone(t, w.presented.Tokens)
	})
}
