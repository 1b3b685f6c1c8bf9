package app_test

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func (w *world) guess(from domain.Client) error {
	_, err := w.LoginUser.Do(w.t.Context(), credentials(wrongPassword, from))
	return err
}

// lock uses up the failures that an account and an address have together.
func (w *world) lock(from domain.Client) {
	w.t.Helper()
	for range accountLimit {
		fails(w.t, w.guess(from), domain.CodeInvalidCredentials)
	}
	w.events.reset()
	w.faults.reset()
}

func TestPastTheLimitNothingIsCompared(t *testing.T) {
	w := fresh(t)
	w.lock(home)
	for _, pass := range []string{wrongPassword, rightPassword} {
		_, err := w.LoginUser.Do(t.Context(), credentials(pass, home))
		fails(t, err, domain.CodeTooManyAttempts)
		if e, ok := errors.AsType[*domain.Error](err); !ok || e.RetryAfter <= 0 {
			t.Errorf("%v says not how long to wait", err)
		}
	}
	if w.faults.count("hasher.Verify") != 0 {
		t.Error("a guess past the limit was compared")
	}
	w.events.were(t, domain.EventThrottled, domain.EventThrottled)
}

func TestTheLimitLifts(t *testing.T) {
	w := fresh(t)
	w.lock(home)
	_, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, home))
	e, ok := errors.AsType[*domain.Error](err)
	if !ok {
		t.Fatalf("past the limit: %v", err)
	}
	w.clock.Advance(e.RetryAfter)
	w.signIn(home)
}

func TestRightSignInsAreNeverCounted(t *testing.T) {
	w := fresh(t)
	for range 5 * addressLimit {
		w.signIn(home)
	}
	if n := w.faults.count("account.Count") + w.faults.count("address.Count"); n != 0 {
		t.Errorf("right sign-ins were counted %d times", n)
	}
}

func TestAnotherAddressIsNotAffected(t *testing.T) {
	w := fresh(t)
	w.lock(home)
	w.signIn(office)
}

// hangUp is a client who leaves as soon as the password was compared.
type hangUp struct {
	ports.PasswordHasher
	leave context.CancelFunc
}

func (h *hangUp) Verify(ctx context.Context, network string, p domain.Password, hash domain.Secret) (ok, outdated bool, err error) {
	defer h.leave()
	return h.PasswordHasher.Verify(ctx, network, p, hash)
}

// remote is a throttle that is across a network, and so gives up when its caller does.
type remote struct{ ports.Throttle }

func (r remote) Count(ctx context.Context, key string) (time.Duration, error) {
	if ctx.Err() != nil {
		return 0, ports.Unavailable(ctx.Err())
	}
	return r.Throttle.Count(ctx, key)
}

func TestWhoHangsUpIsCounted(t *testing.T) {
	client := &hangUp{}
	w := fresh(t, func(d *app.Deps) {
		client.PasswordHasher, d.Hasher = d.Hasher, client
		d.AccountFailures, d.AddressFailures = remote{d.AccountFailures}, remote{d.AddressFailures}
	})
	guess := func() error {
		ctx, leave := context.WithCancel(t.Context())
		client.leave = leave
		_, err := w.LoginUser.Do(ctx, credentials(wrongPassword, home))
		return err
	}
	for range accountLimit {
		fails(t, guess(), domain.CodeInvalidCredentials)
	}
	fails(t, guess(), domain.CodeTooManyAttempts)
}

// Failures are counted by what was typed, in its normal form, so that the limit does not tell whose it is.
func TestEmailAndUsernameHaveACountEach(t *testing.T) {
	for name, spellings := range map[string][]app.LoginRequest{
		"the email":           {{Email: email}, {Email: " ADA@example.ORG"}, {Email: email, Username: "eve"}, {Email: email}},
		"the username":        {{Username: "ada"}, {Username: "ＡＤＡ"}, {Username: " Ada"}, {Username: "ada"}},
		"an unknown email":    {{Email: "ada"}, {Email: "ADA"}, {Email: "ada "}, {Email: "ada"}},
		"an unknown username": {{Username: "eve"}, {Username: "ＥＶＥ"}, {Username: " Eve"}, {Username: "eve"}},
	} {
		w := fresh(t)
		guess := func(req app.LoginRequest) error {
			req.Password, req.Client = domain.NewSecret(wrongPassword), home
			_, err := w.LoginUser.Do(t.Context(), req)
			return err
		}
		for n, req := range spellings {
			want := domain.CodeInvalidCredentials
			if n >= accountLimit {
				want = domain.CodeTooManyAttempts
			}
			if err := guess(req); !errors.Is(err, &domain.Error{Code: want}) {
				t.Errorf("%s, guess %d: %v; want %s", name, n+1, err, want)
			}
		}
		other := app.LoginRequest{Username: "ada"}
		if spellings[0].Username != "" {
			other = app.LoginRequest{Email: "ada"}
		}
		fails(t, guess(other), domain.CodeInvalidCredentials)
	}
}

// One password tried on many accounts is bounded too.
func TestAnAddressIsBoundedOverAllAccounts(t *testing.T) {
	w := fresh(t)
	spray := func(name string) error {
		_, err := w.LoginUser.Do(t.Context(), app.LoginRequest{Username: name, Password: domain.NewSecret(rightPassword), Client: home})
		return err
	}
	for n := range addressLimit {
		fails(t, spray("user"+string(rune('a'+n))), domain.CodeInvalidCredentials)
	}
	fails(t, spray("another"), domain.CodeTooManyAttempts)
	fails(t, spray("ada"), domain.CodeTooManyAttempts)
	w.signIn(office)
}

func TestOneSubscriberHasOneCount(t *testing.T) {
	w := fresh(t)
	for n, ip := range []string{"2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8::4"} {
		err := w.guess(domain.Client{IP: ip})
		if n < accountLimit {
			fails(t, err, domain.CodeInvalidCredentials)
			continue
		}
		fails(t, err, domain.CodeTooManyAttempts)
	}
}

// Whoever is signed in has one count, whichever door it is.
func TestTheDoorsOfACallerCountTogether(t *testing.T) {
	w := fresh(t)
	caller := w.caller(w.signIn(home))
	secret := domain.NewSecret
	fails(t, w.ChangePassword.Do(t.Context(), app.ChangePasswordRequest{Caller: caller, Old: secret(wrongPassword), New: secret("another one"), Client: home}), domain.CodeInvalidCredentials)
	fails(t, w.DeleteAccount.Do(t.Context(), app.DeleteAccountRequest{Caller: caller, Password: secret(wrongPassword), Client: home}), domain.CodeInvalidCredentials)
	fails(t, w.DeleteAccount.Do(t.Context(), deletion(caller, wrongPassword)), domain.CodeInvalidCredentials)

	before := w.stored()
	fails(t, w.ChangePassword.Do(t.Context(), app.ChangePasswordRequest{Caller: caller, Old: secret(rightPassword), New: secret("another one"), Client: home}), domain.CodeTooManyAttempts)
	fails(t, w.DeleteAccount.Do(t.Context(), app.DeleteAccountRequest{Caller: caller, Password: secret(rightPassword), Client: home}), domain.CodeTooManyAttempts)
	if !reflect.DeepEqual(w.stored(), before) {
		t.Error("past the limit the user changed")
	}
}

// gate lets comparisons begin only once all have come, and holds the right one back until it is told.
type gate struct {
	ports.PasswordHasher
	arrived sync.WaitGroup
	open    chan struct{}
	last    chan struct{}
}

func (g *gate) Verify(ctx context.Context, network string, p domain.Password, hash domain.Secret) (ok, outdated bool, err error) {
	g.arrived.Done()
	<-g.open
	if p.Reveal() == rightPassword {
		<-g.last
	}
	return g.PasswordHasher.Verify(ctx, network, p, hash)
}

// All guesses set out while there is no failure yet. The right one ends past the limit, and must not show that it is.
func TestParallelGuessesPastTheLimitLearnNothing(t *testing.T) {
	const guesses = 12
	g := &gate{open: make(chan struct{}), last: make(chan struct{})}
	w := fresh(t, func(d *app.Deps) {
		g.PasswordHasher = d.Hasher
		d.Hasher = g
	})
	g.arrived.Add(guesses + 1)

	var refused, throttled atomic.Int32
	var wrong, right sync.WaitGroup
	for range guesses {
		wrong.Go(func() {
			switch err := w.guess(home); {
			case errors.Is(err, domain.ErrInvalidCredentials):
				refused.Add(1)
			case errors.Is(err, domain.TooManyAttempts(0)):
				throttled.Add(1)
			default:
				t.Errorf("a wrong guess: %v", err)
			}
		})
	}
	right.Go(func() {
		_, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, home))
		fails(t, err, domain.CodeTooManyAttempts)
	})
	g.arrived.Wait()
	close(g.open)
	wrong.Wait()
	close(g.last)
	right.Wait()

	if refused.Load() != accountLimit || throttled.Load() != guesses-accountLimit {
		t.Errorf("of %d wrong guesses, %d were told so; want %d", guesses, refused.Load(), accountLimit)
	}
	if n := w.living(); n != 0 {
		t.Errorf("%d sessions began past the limit", n)
	}
}

// A throttle that cannot be asked lets nobody pass.
func TestWithoutTheThrottleNobodySignsIn(t *testing.T) {
	w := fresh(t)
	for _, call := range []int{2, 3, 5, 6} { // two limits, asked before and after comparing
		w.faults.reset()
		w.faults.at, w.faults.err = call, ports.Unavailable(errBroken)
		_, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, home))
		fails(t, err, domain.CodeUnavailable)
	}
	if n := w.living(); n != 0 {
		t.Errorf("%d sessions began", n)
	}
}
