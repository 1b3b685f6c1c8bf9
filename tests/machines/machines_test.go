// Package machines_test serves the same people from two processes at once.
package machines_test

import (
	"errors"
	"maps"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

func TestMain(m *testing.M) { engines.Main(m) }

// machine is the settings of one of several processes on a store. Those of later maps win.
func machine(store string, more ...map[string]string) map[string]string {
	settings := map[string]string{
		"USER_STORE": store, "TOKEN_STORE": store, "PUBLIC_URL": "http://auth.example.org",
		"ACCESS_TOKEN_SECRET":  "an access secret of 32 bytes or more",
		"REFRESH_TOKEN_SECRET": "a refresh secret of 32 bytes or more",
	}
	for _, each := range more {
		maps.Copy(settings, each)
	}
	return settings
}

func serve(t *testing.T, settings map[string]string) scenario.Service {
	t.Helper()
	w := world.Open(t, settings)
	return scenario.HTTP(w.Client, w.URL)
}

// pair is two services on one store, with the same secrets.
func pair(t *testing.T, more ...map[string]string) (one, other scenario.Service) {
	t.Helper()
	settings := machine(engines.Redis(t), more...)
	return serve(t, settings), serve(t, settings)
}

var person = scenario.Registration{Email: "ada@example.org", Username: "ada", Password: "correct horse battery"}

func signIn(t *testing.T, at scenario.Service) scenario.SignedIn {
	t.Helper()
	in, err := at.Login(t.Context(), scenario.Credentials{Username: person.Username, Password: person.Password})
	must(t, err)
	return in
}

func TestASessionGoesOnAtEitherProcess(t *testing.T) {
	one, other := pair(t)
	_, err := one.Register(t.Context(), person)
	must(t, err)
	in := signIn(t, other)
	_, err = one.Me(t.Context(), in.AccessToken)
	must(t, err)
	next, err := one.Refresh(t.Context(), in.RefreshToken)
	must(t, err)
	again, err := other.Refresh(t.Context(), in.RefreshToken) // as if the answer had been lost
	must(t, err)
	if again.RefreshToken != next.RefreshToken {
		t.Error("the processes answer two refresh tokens for one")
	}
	must(t, other.Logout(t.Context(), again.AccessToken, ""))
	_, err = one.Me(t.Context(), next.AccessToken)
	refused(t, err, "session_ended")
}

func TestTabsAtBothProcessesGetOneToken(t *testing.T) {
	one, other := pair(t)
	_, err := one.Register(t.Context(), person)
	must(t, err)
	in := signIn(t, one)
	answers := make([]scenario.Tokens, 32)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			at := one
			if i%2 == 1 {
				at = other
			}
			var err error
			if answers[i], err = at.Refresh(t.Context(), in.RefreshToken); err != nil {
				t.Errorf("tab %d: %v", i, err)
			}
		})
	}
	all.Wait()
	for i, answer := range answers {
		if answer.RefreshToken != answers[0].RefreshToken {
			t.Fatalf("tab %d has another refresh token than tab 0", i)
		}
	}
}

func TestOneOfManyAtBothProcessesRegisters(t *testing.T) {
	one, other := pair(t)
	errs := make([]error, 16)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			at := one
			if i%2 == 1 {
				at = other
			}
			_, errs[i] = at.Register(t.Context(), person)
		})
	}
	all.Wait()
	registered := 0
	for _, err := range errs {
		if err == nil {
			registered++
			continue
		}
		if failure, ok := errors.AsType[*scenario.Failure](err); !ok || failure.Code != "user_exists" {
			t.Errorf("a loser was told %v", err)
		}
	}
	if registered != 1 {
		t.Errorf("%d people have one name", registered)
	}
	signIn(t, one)
	signIn(t, other)
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	if failure, ok := errors.AsType[*scenario.Failure](err); !ok || failure.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
