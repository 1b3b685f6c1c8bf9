package scenario

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

var signingIn = []Behaviour{
	{Name: "a person signs in by email or by username, in any case", Check: func(t *testing.T, w World) {
		person := w.register(t)
		for _, c := range []Credentials{
			{Email: person.Email}, {Username: person.Username},
			{Email: " " + strings.ToUpper(person.Email)}, {Username: strings.ToUpper(person.Username) + " "},
		} {
			c.Password = password
			in, err := w.Login(t.Context(), c)
			must(t, err)
			if in.User.Email != person.Email || in.AccessToken == "" || in.RefreshToken == "" {
				t.Errorf("%+v signs in as %+v", c, in.User)
			}
			now := w.Clock.Now()
			if access, refresh := in.AccessTokenExpiresAt.Sub(now), in.RefreshTokenExpiresAt.Sub(now); access > accessTTL ||
				access < accessTTL-2e9 || refresh > refreshTTL || refresh < refreshTTL-2e9 {
				t.Errorf("the tokens last %v and %v", access, refresh)
			}
		}
	}},
	{Name: "an unknown account and a wrong password are the same refusal", Check: func(t *testing.T, w World) {
		person := w.register(t)
		_, wrong := w.Login(t.Context(), Credentials{Email: person.Email, Password: "not " + password})
		_, unknown := w.Login(t.Context(), Credentials{Email: "not-" + person.Email, Password: password})
		refused(t, wrong, "invalid_credentials")
		if !reflect.DeepEqual(wrong, unknown) {
			t.Errorf("a wrong password is %v, an unknown account %v", wrong, unknown)
		}
	}},
	{
		Name:     "an unknown account is revealed only where the operator wants it",
		Settings: map[string]string{"LOGIN_REVEALS_UNKNOWN_USER": "true"},
		Check: func(t *testing.T, w World) {
			person := w.register(t)
			_, err := w.Login(t.Context(), Credentials{Email: "not-" + person.Email, Password: password})
			refused(t, err, "user_not_found")
			_, err = w.Login(t.Context(), Credentials{Email: person.Email, Password: "not " + password})
			refused(t, err, "invalid_credentials")
		},
	},
	{Name: "what is missing is said", Check: func(t *testing.T, w World) {
		_, err := w.Login(t.Context(), Credentials{Email: " "})
		refused(t, err, "validation_failed", "email", "password")
	}},
	{
		Name:     "failures are counted, and a correct sign-in never is",
		Settings: map[string]string{"LOGIN_FAILURES_PER_ACCOUNT": "3/15m"},
		Check: func(t *testing.T, w World) {
			person, other := w.register(t), w.register(t)
			for range 20 {
				w.signIn(t, person)
			}
			wrong := Credentials{Email: person.Email, Password: "not " + password}
			for range 3 {
				_, err := w.Login(t.Context(), wrong)
				refused(t, err, "invalid_credentials")
			}
			_, err := w.Login(t.Context(), wrong)
			refused(t, err, "too_many_attempts")
			wrong.Password = password
			_, err = w.Login(t.Context(), wrong)
			refused(t, err, "too_many_attempts")
			w.signIn(t, other)
			w.Clock.Advance(15 * 60e9)
			w.signIn(t, person)
		},
	},
	{
		// Did the email and the username of an account share a count, the limit would tell that they are one account's.
		Name:     "the limit refuses known and unknown accounts alike, however emails and usernames are mixed",
		Settings: map[string]string{"LOGIN_FAILURES_PER_ACCOUNT": "2/15m", "LOGIN_FAILURES_PER_IP": "10000/15m"},
		Check: func(t *testing.T, w World) {
			const guesses = 4
			for mixture := range 1 << guesses {
				known, unknown := w.register(t), newPerson()
				for n := range guesses {
					byEmail := mixture>>n&1 == 0
					told, want := w.guess(t, known, byEmail), w.guess(t, unknown, byEmail)
					if !reflect.DeepEqual(told, want) {
						t.Fatalf("guess %d of mixture %04b: %v for a known account, %v for an unknown one", n+1, mixture, told, want)
					}
				}
			}
		},
	},
	{
		Name:     "guesses that run beside each other learn no more than the limit allows",
		Settings: map[string]string{"LOGIN_FAILURES_PER_ACCOUNT": "3/15m"},
		Check: func(t *testing.T, w World) {
			person := w.register(t)
			told := make([]string, 16)
			together(len(told), func(i int) {
				_, err := w.Login(t.Context(), Credentials{Email: person.Email, Password: "not " + password})
				if failure, ok := errors.AsType[*Failure](err); ok {
					told[i] = failure.Code
				}
			})
			count := map[string]int{}
			for _, code := range told {
				count[code]++
			}
			if count["invalid_credentials"] != 3 || count["too_many_attempts"] != 13 {
				t.Errorf("the guessers were told %v", count)
			}
		},
	},
	{
		Name:     "registrations are counted",
		Settings: map[string]string{"REGISTRATIONS_PER_IP": "2/1h"},
		Check: func(t *testing.T, w World) {
			w.register(t)
			w.register(t)
			_, err := w.Register(t.Context(), newPerson())
			refused(t, err, "too_many_attempts")
			w.Clock.Advance(60 * 60e9)
			w.register(t)
		},
	},
}

// guess tries a wrong password on the email of a person, or on the username.
func (w World) guess(t *testing.T, person Registration, byEmail bool) *Failure {
	t.Helper()
	c := Credentials{Username: person.Username, Password: "not " + password}
	if byEmail {
		c.Username, c.Email = "", person.Email
	}
	_, err := w.Login(t.Context(), c)
	failure, ok := errors.AsType[*Failure](err)
	if !ok {
		t.Fatalf("got %v, want a refusal", err)
	}
	return failure
}
