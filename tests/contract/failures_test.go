package contract_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// failure is one row of the contract's table of failures.
type failure struct {
	code     string
	status   int
	settings map[string]string
	hashing  password.Config
	blames   []string
	provoke  func(t *testing.T, s service) answer
}

var (
	unauthorized = http.StatusUnauthorized
	oncePerHour  = map[string]string{"LOGIN_FAILURES_PER_ACCOUNT": "1/1h"}
	// narrow hashing is slow, one at a time, with one place to wait.
	narrow = password.Config{Argon2: password.Argon2Params{Memory: 64 << 10, Time: 3, Threads: 1}, Workers: 1, Queue: 1}
)

var failures = []failure{
	{code: "malformed_body", status: http.StatusBadRequest, provoke: func(t *testing.T, s service) answer {
		return s.send(t, "POST", "/login", text(`{"email": {"$gt": ""}, "password": {"$gt": ""}}`))
	}},
	{code: "validation_failed", status: http.StatusBadRequest, blames: []string{"email", "password"}, provoke: func(t *testing.T, s service) answer {
		return s.send(t, "POST", "/register", asJSON(fields{"email": " ", "fullname": "Nobody"}))
	}},
	{code: "image_invalid", status: http.StatusBadRequest, blames: []string{"avatar"}, provoke: func(t *testing.T, s service) answer {
		return s.send(t, "PATCH", "/me/avatar", asMultipart(nil, map[string][]byte{"avatar": []byte("<svg/>")}), bearer(s.caller(t).AccessToken))
	}},
	{code: "invalid_credentials", status: unauthorized, provoke: func(t *testing.T, s service) answer { return s.guess(t, s.register(t)) }},
	{code: "token_missing", status: unauthorized, provoke: func(t *testing.T, s service) answer { return s.send(t, "GET", "/me") }},
	{code: "token_invalid", status: unauthorized, provoke: func(t *testing.T, s service) answer {
		return s.send(t, "GET", "/me", bearer("rubbish"))
	}},
	{code: "token_expired", status: unauthorized, provoke: func(t *testing.T, s service) answer {
		in := s.caller(t)
		s.Clock.Advance(15 * time.Minute)
		return s.send(t, "GET", "/me", bearer(in.AccessToken))
	}},
	{code: "session_ended", status: unauthorized, provoke: func(t *testing.T, s service) answer {
		in := s.caller(t)
		s.send(t, "POST", "/logout", bearer(in.AccessToken)).expect(t, http.StatusOK, "")
		return s.send(t, "GET", "/me", bearer(in.AccessToken))
	}},
	{code: "token_reused", status: unauthorized, provoke: func(t *testing.T, s service) answer {
		in := s.caller(t)
		s.refresh(t, in.RefreshToken).expect(t, http.StatusOK, "")
		s.Clock.Advance(time.Minute)
		return s.refresh(t, in.RefreshToken)
	}},
	{code: "forbidden_origin", status: http.StatusForbidden, provoke: func(t *testing.T, s service) answer {
		return s.send(t, "POST", "/login", asJSON(newcomer()), header("Sec-Fetch-Site", "cross-site"))
	}},
	{
		code: "user_not_found", status: http.StatusNotFound, settings: map[string]string{"LOGIN_REVEALS_UNKNOWN_USER": "true"},
		provoke: func(t *testing.T, s service) answer { return s.guess(t, newcomer()) },
	},
	{code: "not_found", status: http.StatusNotFound, provoke: func(t *testing.T, s service) answer {
		another := s.sessions(t, s.caller(t))[0].ID
		return s.send(t, "DELETE", "/sessions/"+another, bearer(s.caller(t).AccessToken))
	}},
	{code: "method_not_allowed", status: http.StatusMethodNotAllowed, provoke: func(t *testing.T, s service) answer { return s.send(t, "GET", "/login") }},
	{code: "user_exists", status: http.StatusConflict, blames: []string{"email", "username"}, provoke: func(t *testing.T, s service) answer {
		return s.send(t, "POST", "/register", asJSON(s.register(t)))
	}},
	{code: "body_too_large", status: http.StatusRequestEntityTooLarge, provoke: func(t *testing.T, s service) answer {
		return s.send(t, "POST", "/register", asJSON(newcomer().but("other", strings.Repeat("x", 64<<10))))
	}},
	{code: "unsupported_media_type", status: http.StatusUnsupportedMediaType, provoke: func(t *testing.T, s service) answer {
		return s.send(t, "POST", "/login", body("text/plain", []byte(`{"email":"a@example.org","password":"x"}`)))
	}},
	{code: "too_many_attempts", status: http.StatusTooManyRequests, settings: oncePerHour, provoke: func(t *testing.T, s service) answer {
		person := s.register(t)
		s.guess(t, person).expect(t, unauthorized, "invalid_credentials")
		return s.guess(t, person)
	}},
	{code: "busy", status: http.StatusServiceUnavailable, hashing: narrow, provoke: busy},
	{code: "unavailable", status: http.StatusServiceUnavailable, provoke: func(t *testing.T, s service) answer {
		must(t, s.Close())
		return s.guess(t, newcomer())
	}},
	{code: "internal", status: http.StatusInternalServerError, provoke: func(t *testing.T, s service) answer {
		person := s.register(t)
		s.damage(t, `UPDATE users SET password_hash = '$argon2id$v=19$m=67108864,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA'`)
		return s.guess(t, person)
	}},
}

// guess signs in with a wrong password.
func (s service) guess(t *testing.T, person fields) answer {
	t.Helper()
	return s.send(t, "POST", "/login", asJSON(fields{"email": person["email"], "password": "not " + passphrase}))
}

// refresh refreshes by the body.
func (s service) refresh(t *testing.T, token string) answer {
	t.Helper()
	return s.send(t, "POST", "/refresh-token", asJSON(fields{"refreshToken": token}))
}

// busy signs in many times at once until one is turned away.
func busy(t *testing.T, s service) answer {
	t.Helper()
	for t.Context().Err() == nil {
		answers := make([]answer, 16)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = s.fetch(t, "POST", api+"/login", asJSON(newcomer())) })
		}
		all.Wait()
		for _, a := range answers {
			if a.status != unauthorized {
				a.open(t)
				return a
			}
		}
	}
	t.Fatal("nobody was turned away")
	return answer{}
}

func TestFailures(t *testing.T) {
	for _, f := range failures {
		t.Run(f.code, func(t *testing.T) {
			if f.hashing.Workers == 0 {
				f.hashing = world.CheapHashing
			}
			a := f.provoke(t, service{world.OpenHashing(t, f.hashing, f.settings)})
			a.expect(t, f.status, f.code).blames(t, f.blames...)
			if got := a.header.Get("WWW-Authenticate"); (got == "Bearer") != (f.status == unauthorized) {
				t.Errorf("WWW-Authenticate is %q", got)
			}
			seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
			if waits := f.status == 429 || f.status == 503; waits != (err == nil && seconds > 0) {
				t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
			}
		})
	}
}

// TestUnknownAccountsLookLikeWrongPasswords: the two answers differ in nothing but what names the request.
func TestUnknownAccountsLookLikeWrongPasswords(t *testing.T) {
	s := open(t)
	wrong, unknown := s.guess(t, s.register(t)), s.guess(t, newcomer())
	if string(wrong.raw) != string(unknown.raw) || wrong.status != unknown.status {
		t.Errorf("a wrong password gets %s, an unknown account %s", wrong.raw, unknown.raw)
	}
	for name := range wrong.header {
		if name != "X-Request-Id" && name != "Date" && wrong.header.Get(name) != unknown.header.Get(name) {
			t.Errorf("%s tells them apart", name)
		}
	}
}
