package attack_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

const (
	oldPassword = "a boat that nobody else rows"
	newPassword = "an oar that nobody else holds"

	clientSecret = "a-secret-of-a-client-of-more-than-32-bytes"
)

// service is a whole Latchkey, at which Alice is signed in, whose account is attacked.
type service struct {
	*world.World
	scenario.Service
	alice scenario.SignedIn
}

// attacked starts a service. The throttle, which has attacks of its own, stays out of the way.
func attacked(t *testing.T, settings ...map[string]string) *service {
	t.Helper()
	w := world.Open(t, append([]map[string]string{{"THROTTLE": "off", "OAUTH_CLIENTS": "api:" + clientSecret}}, settings...)...)
	w.Watch.AllowAnyRequest() // attackers send what they like
	s := &service{World: w, Service: scenario.HTTP(w.Client, w.URL)}
	s.alice = s.newcomer(t, "alice@example.org")
	return s
}

// newcomer registers somebody and signs them in.
func (s *service) newcomer(t *testing.T, email string) scenario.SignedIn {
	t.Helper()
	_, err := s.Register(t.Context(), scenario.Registration{Email: email, Password: oldPassword})
	must(t, err)
	return s.signIn(t, email, oldPassword)
}

func (s *service) signIn(t *testing.T, email, password string) scenario.SignedIn {
	t.Helper()
	in, err := s.Login(t.Context(), scenario.Credentials{Email: email, Password: password})
	must(t, err)
	return in
}

// unharmed checks that Alice's session goes on: attacks on it do not even end it.
func (s *service) unharmed(t *testing.T) {
	t.Helper()
	_, err := s.Me(t.Context(), s.alice.AccessToken)
	must(t, err)
	s.alice.Tokens, err = s.Refresh(t.Context(), s.alice.RefreshToken)
	must(t, err)
}

// over checks that neither token of a session is good for anything.
func (s *service) over(t *testing.T, tokens scenario.Tokens) {
	t.Helper()
	_, err := s.Me(t.Context(), tokens.AccessToken)
	refused(t, err, "session_ended")
	_, err = s.Refresh(t.Context(), tokens.RefreshToken)
	refused(t, err, "session_ended", "token_reused")
}

// door is a way to present a token, and what a bad one is answered with.
type door struct {
	method, path string
	put          func(r *http.Request, token string)
	status       int
	says         string // a part of the body
}

const (
	users   = "/api/v1/users"
	invalid = `"code":"token_invalid"`
)

var accessDoors = map[string]door{
	"me, by a bearer token":         {"GET", users + "/me", putHeader("Authorization", "Bearer "), 401, invalid},
	"me, by a cookie":               {"GET", users + "/me", putHeader("Cookie", "accessToken="), 401, invalid},
	"ending all sessions":           {"DELETE", users + "/sessions?keep=none", putHeader("Authorization", "Bearer "), 401, invalid},
	"logging out by a bearer token": {"POST", users + "/logout", putHeader("Authorization", "Bearer "), 401, invalid},
	"logging out by its cookie":     {"POST", users + "/logout", putHeader("Cookie", "accessToken="), 401, invalid},
}

var refreshDoors = map[string]door{
	"refreshing by a cookie":     {"POST", users + "/refresh-token", putHeader("Cookie", "refreshToken="), 401, invalid},
	"refreshing by JSON":         {"POST", users + "/refresh-token", putJSON, 401, invalid},
	"refreshing by a form":       {"POST", users + "/refresh-token", putForm("refreshToken"), 401, invalid},
	"logging out by that cookie": {"POST", users + "/logout", putHeader("Cookie", "refreshToken="), 401, invalid},
	"logging out by JSON":        {"POST", users + "/logout", putJSON, 401, invalid},
	"the token endpoint":         {"POST", "/oauth/token", putForm("refresh_token", "grant_type", "refresh_token"), 400, `"error":"invalid_grant"`},
}

// openDoors answer 200 to whoever presents a bad token, and do nothing.
var openDoors = map[string]door{
	"introspection": {"POST", "/oauth/introspect", putForm("token", "client_id", "api", "client_secret", clientSecret), 200, `{"active":false}`},
	"revocation":    {"POST", "/oauth/revoke", putForm("token"), 200, "{}"},
}

func putHeader(name, before string) func(*http.Request, string) {
	return func(r *http.Request, token string) { r.Header.Set(name, before+token) }
}

func putJSON(r *http.Request, token string) {
	body, _ := json.Marshal(map[string]string{"refreshToken": token}) // of texts: cannot fail
	putBody(r, "application/json", string(body))
}

// putForm sends a form that has the token under a name, and other fields, given as names and values in turn.
func putForm(name string, others ...string) func(*http.Request, string) {
	return func(r *http.Request, token string) {
		form := url.Values{name: {token}}
		for i := 0; i < len(others); i += 2 {
			form.Set(others[i], others[i+1])
		}
		putBody(r, "application/x-www-form-urlencoded", form.Encode())
	}
}

func putBody(r *http.Request, mediaType, text string) {
	r.Header.Set("Content-Type", mediaType)
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
}

// invalid presents a token at every door, and checks that none opens, and that Alice has nothing of it.
func (s *service) invalid(t *testing.T, token string) {
	t.Helper()
	for _, doors := range []map[string]door{accessDoors, refreshDoors, openDoors} {
		s.knock(t, doors, token)
	}
	s.unharmed(t)
}

// knock presents a token at doors, which all have to find it bad.
func (s *service) knock(t *testing.T, doors map[string]door, token string) {
	t.Helper()
	for name, d := range doors {
		r, err := http.NewRequestWithContext(t.Context(), d.method, s.URL+d.path, nil)
		must(t, err)
		d.put(r, token)
		if r.Body == nil && strings.ContainsAny(token, "\r\n") {
			continue // no header can hold it
		}
		resp, err := s.Client.Do(r)
		must(t, err)
		body, err := io.ReadAll(resp.Body)
		must(t, errors.Join(err, resp.Body.Close()))
		// Of some tokens net/http makes nothing, when they come in a cookie.
		if says := strings.Replace(string(body), "token_missing", "token_invalid", 1); resp.StatusCode != d.status || !strings.Contains(says, d.says) {
			t.Errorf("%s: got %d %s, want %d %s", name, resp.StatusCode, body, d.status, d.says)
		}
		for _, c := range resp.Cookies() {
			if c.Value != "" {
				t.Errorf("%s: the cookie %s is set", name, c.Name)
			}
		}
	}
}

// engineSettings are the settings for each kind of store that races are run on.
var engineSettings = map[string]func(t *testing.T) map[string]string{
	"sqlite": func(*testing.T) map[string]string { return nil },
	"memory": func(*testing.T) map[string]string {
		return map[string]string{"USER_STORE": "memory:", "TOKEN_STORE": "memory:"}
	},
	"redis": func(t *testing.T) map[string]string {
		store := engines.Redis(t)
		return map[string]string{"USER_STORE": store, "TOKEN_STORE": store}
	},
}

// onEveryStore runs a test on a service of each kind of store.
func onEveryStore(t *testing.T, test func(t *testing.T, s *service)) {
	t.Helper()
	for name, settings := range engineSettings {
		t.Run(name, func(t *testing.T) { test(t, attacked(t, settings(t))) })
	}
}

// atOnce lets everybody go at the same moment, and waits for all of them.
func atOnce(all ...func()) {
	start := make(chan struct{})
	var running sync.WaitGroup
	for _, one := range all {
		running.Go(func() {
			<-start
			one()
		})
	}
	close(start)
	running.Wait()
}

// refused checks that an error is a refusal with one of these codes: neither a success nor a fault of the service.
func refused(t rapid.TB, err error, codes ...string) {
	t.Helper()
	if checkRefused(t, err, codes...); t.Failed() {
		t.FailNow()
	}
}

// checkRefused is refused for goroutines, which cannot stop a test.
func checkRefused(t rapid.TB, err error, codes ...string) {
	t.Helper()
	if failure, ok := errors.AsType[*scenario.Failure](err); !ok || !slices.Contains(codes, failure.Code) {
		t.Errorf("got %v, want one of %v", err, codes)
	}
}

func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
