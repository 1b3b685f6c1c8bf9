package machines_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// attempt is something that is counted: the n-th of its kind.
type attempt func(ctx context.Context, at scenario.Service, n int) error

func guessAtAda(ctx context.Context, at scenario.Service, _ int) error {
	_, err := at.Login(ctx, scenario.Credentials{Username: person.Username, Password: "a guess"})
	return err
}

func guessAtSomebody(ctx context.Context, at scenario.Service, n int) error {
	_, err := at.Login(ctx, scenario.Credentials{Username: fmt.Sprint("somebody", n), Password: "a guess"})
	return err
}

func register(ctx context.Context, at scenario.Service, n int) error {
	_, err := at.Register(ctx, scenario.Registration{Email: fmt.Sprintf("person%d@example.org", n), Password: person.Password})
	return err
}

// limits are the three limits, each set to allowed, with what spends it, and what is answered until it is spent.
var limits = map[string]struct {
	settings map[string]string
	spends   attempt
	answer   string
}{
	"failures for an account":  {map[string]string{"LOGIN_FAILURES_PER_ACCOUNT": "6/15m"}, guessAtAda, "invalid_credentials"},
	"failures from an address": {map[string]string{"LOGIN_FAILURES_PER_IP": "6/15m"}, guessAtSomebody, "invalid_credentials"},
	"registrations":            {map[string]string{"REGISTRATIONS_PER_IP": "6/15m"}, register, ""},
}

const (
	allowed = 6
	period  = 15 * time.Minute
)

// code is what an attempt was told, "" where it was no refusal.
func code(t *testing.T, err error) string {
	t.Helper()
	failure, ok := errors.AsType[*scenario.Failure](err)
	if err != nil && !ok {
		t.Fatal(err)
	}
	if err == nil {
		return ""
	}
	return failure.Code
}

// throughout answers what many are told who try at once, at these services in turn.
func throughout(t *testing.T, try attempt, at ...scenario.Service) map[string]int {
	t.Helper()
	errs := make([]error, 8*allowed)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = try(t.Context(), at[i%len(at)], i) })
	}
	all.Wait()
	told := map[string]int{}
	for _, err := range errs {
		told[code(t, err)]++
	}
	return told
}

func TestLimitsHoldAcrossProcesses(t *testing.T) {
	for name, limit := range limits {
		t.Run(name, func(t *testing.T) {
			one, other := pair(t, limit.settings)
			told := throughout(t, limit.spends, one, other)
			if want := map[string]int{limit.answer: allowed, "too_many_attempts": 7 * allowed}; !maps.Equal(told, want) {
				t.Errorf("those who tried at once were told %v, want %v", told, want)
			}
			for n, at := range []scenario.Service{one, other} {
				refused(t, limit.spends(t.Context(), at, 1000+n), "too_many_attempts")
			}
		})
	}
}

// TestLimitsHoldWhereEitherStoreIsShared has users or sessions in Redis, and the others in each process.
func TestLimitsHoldWhereEitherStoreIsShared(t *testing.T) {
	for _, shared := range []string{"USER_STORE", "TOKEN_STORE"} {
		settings := limits["failures for an account"].settings
		one, other := pair(t, settings, map[string]string{"USER_STORE": "memory:", "TOKEN_STORE": "memory:", shared: engines.Redis(t)})
		if told := throughout(t, guessAtAda, one, other); told["invalid_credentials"] != allowed {
			t.Errorf("%s is shared, and those who tried at once were told %v", shared, told)
		}
	}
}

func TestCountsSurviveARestart(t *testing.T) {
	for name, limit := range limits {
		t.Run(name, func(t *testing.T) {
			settings := machine(engines.Redis(t), limit.settings)
			t.Run("before", func(t *testing.T) {
				s := serve(t, settings)
				for n := range allowed {
					if got := code(t, limit.spends(t.Context(), s, n)); got != limit.answer {
						t.Fatalf("attempt %d was told %q", n, got)
					}
				}
			})
			w := world.Open(t, settings)
			s := scenario.HTTP(w.Client, w.URL)
			refused(t, limit.spends(t.Context(), s, allowed), "too_many_attempts")
			w.Clock.Advance(period)
			if got := code(t, limit.spends(t.Context(), s, allowed)); got != limit.answer {
				t.Errorf("after the period, an attempt was told %q", got)
			}
		})
	}
}

// from is the client of a proxy that is trusted, in which it says who called.
type from struct {
	address string
	http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (f from) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Forwarded-For", f.address)
	return f.RoundTripper.RoundTrip(r)
}

// callers answers what lets somebody at an address call either process.
func callers(t *testing.T, settings map[string]string) func(address string) (one, other scenario.Service) {
	t.Helper()
	behind := machine(engines.Redis(t), settings, map[string]string{"TRUSTED_PROXIES": "127.0.0.1"})
	a, b := world.Open(t, behind), world.Open(t, behind)
	return func(address string) (one, other scenario.Service) {
		calls := func(w *world.World) scenario.Service {
			return scenario.HTTP(&http.Client{Transport: from{address, w.Client.Transport}}, w.URL)
		}
		return calls(a), calls(b)
	}
}

// TestNobodyIsLockedOutFromElsewhere attacks an account at both processes, from one network with many addresses and from
// many other addresses, while its owner signs in at home.
func TestNobodyIsLockedOutFromElsewhere(t *testing.T) {
	at := callers(t, map[string]string{"LOGIN_FAILURES_PER_ACCOUNT": "3/15m", "LOGIN_FAILURES_PER_IP": "5/15m"})
	home, homeToo := at("198.51.100.7")
	_, err := home.Register(t.Context(), person)
	must(t, err)
	var all sync.WaitGroup
	learned := make([]string, 60)
	for i := range learned {
		all.Go(func() {
			address := fmt.Sprintf("2001:db8:1:2::%d", i)
			if i%2 == 0 {
				address = fmt.Sprintf("203.0.113.%d", i/10)
			}
			one, other := at(address)
			for _, s := range []scenario.Service{one, other} {
				learned[i] = code(t, guessAtAda(t.Context(), s, i))
			}
		})
	}
	for range 5 {
		signIn(t, home)
		signIn(t, homeToo)
	}
	all.Wait()
	signIn(t, home)
	signIn(t, homeToo)
	for i, got := range learned {
		if got != "invalid_credentials" && got != "too_many_attempts" {
			t.Errorf("attacker %d was told %q", i, got)
		}
	}
	attacker, _ := at("2001:db8:1:2:ffff::1")
	_, err = attacker.Login(t.Context(), scenario.Credentials{Username: person.Username, Password: person.Password})
	refused(t, err, "too_many_attempts") // even were they right
}

// TestRightSignInsAreNeverCounted: after any number of them the limits are whole.
func TestRightSignInsAreNeverCounted(t *testing.T) {
	for _, name := range []string{"failures for an account", "failures from an address"} {
		one, other := pair(t, limits[name].settings)
		_, err := one.Register(t.Context(), person)
		must(t, err)
		for range allowed {
			signIn(t, one)
			signIn(t, other)
		}
		if told := throughout(t, limits[name].spends, one, other); told["invalid_credentials"] != allowed {
			t.Errorf("%s: after right sign-ins, those who guessed were told %v", name, told)
		}
	}
}

// TestCountsThatCannotBeReached has Redis be silent for ever, and its driver wait as long: the answer comes all the same.
func TestCountsThatCannotBeReached(t *testing.T) {
	redis := engines.OwnRedis(t)
	s := serve(t, machine(redis.URL(redis.Addr())+"?read_timeout=-1", map[string]string{"USER_STORE": "memory:", "REQUEST_TIMEOUT": "20ms"}))
	redis.Stop(t)
	defer redis.Continue(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	refused(t, register(ctx, s, 0), "unavailable")
	refused(t, guessAtAda(ctx, s, 0), "unavailable")
}
