package app_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// refreshed is the answer to a refresh that must succeed.
func (w *world) refreshed(tokens app.Tokens) app.Tokens {
	w.t.Helper()
	next, err := w.refresh(tokens)
	must(w.t, err)
	return next
}

func TestRefreshRotates(t *testing.T) {
	w := fresh(t)
	first := w.signIn(home).Tokens
	w.events.reset()
	w.clock.Advance(time.Hour)
	fails(t, w.authenticate(first), domain.CodeTokenExpired)

	second := w.refreshed(first)
	must(t, w.authenticate(second))
	if second.Refresh.Secret.Equal(first.Refresh.Secret) || second.Access.Secret.Equal(first.Access.Secret) {
		t.Error("a token did not change")
	}
	if want := w.clock.Now().Add(policy.RefreshTTL).Truncate(time.Second); !second.Refresh.ExpiresAt.Equal(want) {
		t.Errorf("the refresh token expires at %v; want %v", second.Refresh.ExpiresAt, want)
	}
	w.events.were(t, domain.EventRefreshed)
}

func TestRefreshRepeatsWithinTheGrace(t *testing.T) {
	w := fresh(t)
	first := w.signIn(home).Tokens
	second := w.refreshed(first)
	w.events.reset()
	before, err := w.sessions.ByUser(t.Context(), w.stored().ID)
	must(t, err)
	for range 3 {
		w.clock.Advance(policy.Grace / 3)
		again := w.refreshed(first)
		if !again.Refresh.Secret.Equal(second.Refresh.Secret) {
			t.Fatal("a repeated refresh answered another refresh token")
		}
		if again.Access.Secret.Equal(second.Access.Secret) {
			t.Error("a repeated refresh answered a stale access token")
		}
		must(t, w.authenticate(again))
	}
	after, err := w.sessions.ByUser(t.Context(), w.stored().ID)
	must(t, err)
	if after[0] != before[0] {
		t.Errorf("repeating wrote %+v over %+v", after[0], before[0])
	}
	w.events.were(t, domain.EventRepeated, domain.EventRepeated, domain.EventRepeated)
	w.refreshed(second)
}

func TestARetiredTokenEndsTheSession(t *testing.T) {
	for name, present := range map[string]func(w *world, first, second app.Tokens) error{
		"the predecessor after the grace": func(w *world, first, _ app.Tokens) error {
			w.clock.Advance(policy.Grace + time.Millisecond)
			_, err := w.refresh(first)
			return err
		},
		"the one before within the grace": func(w *world, first, second app.Tokens) error {
			w.refreshed(second)
			_, err := w.refresh(first)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := fresh(t)
			first := w.signIn(home).Tokens
			second := w.refreshed(first)
			other := w.signIn(office).Tokens
			w.events.reset()

			fails(t, present(w, first, second), domain.CodeTokenReused)
			if kinds := w.events.kinds; kinds[len(kinds)-1] != domain.EventReused {
				t.Errorf("the events were %v", kinds)
			}
			for _, tokens := range []app.Tokens{first, second} {
				_, err := w.refresh(tokens)
				fails(t, err, domain.CodeSessionEnded)
				fails(t, w.authenticate(tokens), domain.CodeSessionEnded)
			}
			must(t, w.authenticate(other))
		})
	}
}

// rollBack makes the store lose what was written since.
func (w *world) rollBack(to domain.Session) {
	w.t.Helper()
	now, err := w.sessions.Get(w.t.Context(), to.UserID, to.ID)
	must(w.t, err)
	to.Version = now.Version
	must(w.t, w.sessions.Update(w.t.Context(), to))
}

func TestRefreshRollsForwardWhatTheStoreLost(t *testing.T) {
	w := fresh(t)
	signedIn := w.signIn(home)
	lost := w.caller(signedIn).Session
	third := w.refreshed(w.refreshed(signedIn.Tokens))
	w.rollBack(lost)
	w.events.reset()

	fourth := w.refreshed(third)
	w.events.were(t, domain.EventRolledForward)
	must(t, w.authenticate(fourth))
	if s := w.caller(app.LoginResponse{Tokens: fourth}).Session; s.Generation != 4 {
		t.Errorf("the session is at generation %d; want 4", s.Generation)
	}
	if again := w.refreshed(third); !again.Refresh.Secret.Equal(fourth.Refresh.Secret) {
		t.Error("a repeat after rolling forward answered another token")
	}
}

func TestRefreshRefuses(t *testing.T) {
	w := fresh(t)
	signedIn := w.signIn(home)
	session := w.caller(signedIn).Session

	// Whoever has the signing secret, but not the seed of the session.
	stranger := session
	stranger.Seed[0] ^= 1
	forged, err := w.tokens.IssueRefresh(stranger)
	must(t, err)
	newer := stranger
	newer.Generation = 1000
	forgedNewer, err := w.tokens.IssueRefresh(newer)
	must(t, err)

	for _, c := range []struct {
		what  string
		token domain.Secret
		want  domain.Code
	}{
		{"no token", domain.Secret{}, domain.CodeTokenMissing},
		{"rubbish", domain.NewSecret("rubbish"), domain.CodeTokenInvalid},
		{"an access token", signedIn.Access.Secret, domain.CodeTokenInvalid},
		{"a token of another seed", forged.Secret, domain.CodeTokenInvalid},
		{"a newer token of another seed", forgedNewer.Secret, domain.CodeTokenInvalid},
	} {
		_, err := w.RefreshAccessToken.Do(t.Context(), app.RefreshRequest{Token: c.token})
		if fails(t, err, c.want); t.Failed() {
			t.Fatalf("presented was %s", c.what)
		}
	}
	w.refreshed(signedIn.Tokens) // none of them has hurt the session

	w.clock.Set(signedIn.Refresh.ExpiresAt)
	_, err = w.refresh(signedIn.Tokens)
	fails(t, err, domain.CodeTokenExpired)
}

func TestASessionEndsAtItsGreatestAge(t *testing.T) {
	w := fresh(t)
	tokens := w.signIn(home).Tokens
	began := w.clock.Now()
	for w.clock.Now().Before(began.Add(policy.MaxAge - 12*time.Hour)) {
		w.clock.Advance(12 * time.Hour)
		tokens = w.refreshed(tokens)
	}
	if last := began.Add(policy.MaxAge).Truncate(time.Second); !tokens.Refresh.ExpiresAt.Equal(last) {
		t.Errorf("the last token expires at %v; want %v", tokens.Refresh.ExpiresAt, last)
	}
	w.clock.Set(began.Add(policy.MaxAge))
	if _, err := w.refresh(tokens); err == nil {
		t.Error("a session outlived its greatest age")
	}
}

func TestTabsThatRefreshAtOnceGetOneToken(t *testing.T) {
	w := fresh(t)
	first := w.signIn(home).Tokens
	answers := make([]app.Tokens, 64)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			var err error
			if answers[i], err = w.refresh(first); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, answer := range answers {
		if !answer.Refresh.Secret.Equal(answers[0].Refresh.Secret) {
			t.Fatal("two tabs got different refresh tokens")
		}
	}
	w.refreshed(answers[0])
}

// Whoever loses the race decides anew, on what is stored by then.
func TestARefreshThatLosesTheRace(t *testing.T) {
	for name, c := range map[string]struct {
		writer func(*world, app.Tokens)
		want   domain.Code
	}{
		"to another refresh": {func(w *world, first app.Tokens) { w.refreshed(first) }, ""},
		"to signing out": {func(w *world, first app.Tokens) {
			must(w.t, w.LogoutUser.Do(w.t.Context(), app.LogoutRequest{Access: first.Access.Secret}))
		}, domain.CodeSessionEnded},
		"to deleting the account": {func(w *world, _ app.Tokens) {
			id := w.stored().ID
			must(w.t, w.users.Delete(w.t.Context(), id))
			must(w.t, w.sessions.DeleteByUser(w.t.Context(), id))
		}, domain.CodeSessionEnded},
		"to two refreshes": {func(w *world, first app.Tokens) { w.refreshed(w.refreshed(first)) }, domain.CodeTokenReused},
	} {
		t.Run(name, func(t *testing.T) {
			w := fresh(t)
			first := w.signIn(home).Tokens
			w.faults.race("sessions.Update", func() { c.writer(w, first) })
			_, err := w.refresh(first)
			if c.want == "" {
				must(t, err)
				return
			}
			fails(t, err, c.want)
		})
	}
}

func TestARefreshThatFailsCanBeRepeated(t *testing.T) {
	signedIn := func(t *testing.T) *world {
		w := fresh(t)
		w.presented = w.signIn(home)
		return w
	}
	run := func(ctx context.Context, w *world) error {
		_, err := w.RefreshAccessToken.Do(ctx, app.RefreshRequest{Token: w.presented.Refresh.Secret})
		return err
	}
	failEach(t, signedIn, run, func(t *testing.T, w *world, call string, err error) {
		if err != nil && !errors.Is(err, errBroken) && !errors.Is(err, ports.ErrUnavailable) {
			t.Errorf("the error is %v; want the one of %s", err, call)
		}
		must(t, w.authenticate(w.refreshed(w.presented.Tokens)))
	})
}

func TestARaceThatNeverEndsEndsWithTheContext(t *testing.T) {
	w := fresh(t, func(d *app.Deps) { d.Sessions = neverCurrent{d.Sessions} })
	tokens := w.signIn(home).Tokens
	ctx, cancel := context.WithCancel(t.Context())
	w.faults.race("sessions.Get", cancel)
	err := w.LogoutUser.Do(ctx, app.LogoutRequest{Access: tokens.Access.Secret})
	fails(t, err, domain.CodeUnavailable)
}

// neverCurrent loses every race, and notices no context.
type neverCurrent struct{ ports.TokenStore }

func (s neverCurrent) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	return s.TokenStore.Get(context.WithoutCancel(ctx), userID, id)
}

func (neverCurrent) Update(context.Context, domain.Session) error { return ports.ErrStale }
