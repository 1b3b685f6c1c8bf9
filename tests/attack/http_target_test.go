package attack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/world"
)

// httpTarget is a whole Latchkey with somebody in it who is to be robbed: Alice.
type httpTarget struct {
	*world.World
	alice httpPerson
}

// httpPerson is somebody who has registered and signed in.
type httpPerson struct {
	ID, Username, Fullname, Email, Avatar, CoverImage string
	password, access, refresh, session                string
}

const (
	httpUsers    = "/api/v1/users"
	httpPassword = "Alice's own tiny wooden boat"
)

// httpOpen starts a service in which Alice is signed in. When the test ends, nothing of hers may be in the log. The
// throttle, which has attacks of its own, stays out of the way unless the settings say otherwise.
func httpOpen(t *testing.T, settings ...map[string]string) httpTarget {
	t.Helper()
	h := httpTarget{World: world.Open(t, append([]map[string]string{{"THROTTLE": "off"}}, settings...)...)}
	h.Watch.AllowAnyRequest() // attackers send what they like
	h.alice = h.newcomer(t, "alice", httpPassword)
	t.Cleanup(func() {
		for _, secret := range h.alice.secrets() {
			if bytes.Contains(h.Log.Bytes(), []byte(secret)) {
				t.Errorf("the log holds %.20q…", secret)
			}
		}
	})
	return h
}

// newcomer registers somebody and signs them in.
func (h httpTarget) newcomer(t *testing.T, username, password string) httpPerson {
	t.Helper()
	email := username + "@example.org"
	h.send(t, "POST", httpUsers+"/register", httpJSON("username", username, "fullname", "Own Name", "email", email, "password", password)).expect(t, 201, "")
	a := h.send(t, "POST", httpUsers+"/login", httpJSON("email", email, "password", password)).expect(t, 200, "")
	var in struct {
		User                      httpPerson
		AccessToken, RefreshToken string
	}
	a.data(t, &in)
	p := in.User
	p.password, p.access, p.refresh = password, in.AccessToken, in.RefreshToken
	p.ID = a.userID(t)
	var sessions []struct{ ID string }
	h.send(t, "GET", httpUsers+"/sessions", httpBearer(p.access)).expect(t, 200, "").data(t, &sessions)
	p.session = sessions[0].ID
	return p
}

// secrets are what nobody but the person may see, and no log either.
func (p httpPerson) secrets() []string {
	return []string{p.password, p.access, p.refresh, "$argon2id$", "$2a$", "$2b$"}
}

// unharmed checks that Alice is who she was: her session lives, nothing of her profile has changed, and her password is
// still hers.
func (h httpTarget) unharmed(t *testing.T) {
	t.Helper()
	var seen httpPerson
	a := h.send(t, "GET", httpUsers+"/me", httpBearer(h.alice.access)).expect(t, 200, "")
	a.data(t, &seen)
	seen.ID = a.userID(t)
	seen.password, seen.access, seen.refresh, seen.session = h.alice.password, h.alice.access, h.alice.refresh, h.alice.session
	if seen != h.alice {
		t.Errorf("Alice has become %+v", seen)
	}
	h.send(t, "POST", httpUsers+"/login", httpJSON("email", h.alice.Email, "password", h.alice.password)).expect(t, 200, "")
}

// attack sends a request of an attacker's and checks that it got nothing: it is refused, and what comes back holds no
// secret of Alice's and hands out no cookie with a token.
func (h httpTarget) attack(t *testing.T, method, path string, with ...httpOption) httpAnswer {
	t.Helper()
	a := h.send(t, method, path, with...)
	a.empty(t, h.alice)
	if a.status < 400 {
		t.Errorf("%s %s gets in: %d %s", method, path, a.status, a.body)
	}
	return a
}

// send sends a request, and checks of the answer what is true of every answer.
func (h httpTarget) send(t *testing.T, method, path string, with ...httpOption) httpAnswer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, nil)
	httpMust(t, err)
	for _, shape := range with {
		shape(req)
	}
	resp, err := h.Client.Transport.RoundTrip(req) // redirects would be answers too
	httpMust(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	httpMust(t, err)
	a := httpAnswer{resp.StatusCode, resp.Header, body, resp.Close}
	a.sane(t)
	return a
}

// httpAnswer is what came back.
type httpAnswer struct {
	status int
	header http.Header
	body   []byte
	last   bool // of its connection
}

// sane checks what is true of every answer that the service gives: it has not failed, it carries what protects it,
// it leads nowhere, and it shows nothing of the inside.
func (a httpAnswer) sane(t *testing.T) {
	t.Helper()
	if a.status >= 500 {
		t.Errorf("the service failed: %d %s", a.status, a.body)
	}
	headers := map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Location": "", "Refresh": "", "Server": "", "X-Powered-By": "",
	}
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		headers["Cross-Origin-Opener-Policy"], headers["X-Frame-Options"] = "same-origin", "DENY"
	}
	for name, want := range headers {
		if got := strings.Join(a.header[name], "|"); got != want {
			t.Errorf("%d has %s %q, want %q", a.status, name, got, want)
		}
	}
	policy := a.header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || a.header.Get("X-Request-Id") == "" {
		t.Errorf("%d has the header %v", a.status, a.header)
	}
	for _, inside := range []string{"goroutine ", ".go:", "panic", "sqlite", "/latchkey", "gin-gonic"} {
		if a.header.Get("Content-Type") == "application/json; charset=utf-8" && strings.Contains(string(a.body), inside) {
			t.Errorf("%d shows the inside: %s", a.status, a.body)
		}
	}
}

// empty checks that nothing of a person's is in the answer, and no token of anybody's.
func (a httpAnswer) empty(t *testing.T, of httpPerson) {
	t.Helper()
	all := fmt.Sprint(a.header) + string(a.body)
	for _, secret := range append(of.secrets(), of.ID, of.session, "accessToken=ey", "refreshToken=ey", `"accessToken":`) {
		if strings.Contains(all, secret) {
			t.Errorf("%d shows %.20q…: %s", a.status, secret, a.body)
		}
	}
}

// expect checks a status and a code, "" for a success, and stops the test where they differ.
func (a httpAnswer) expect(t *testing.T, status int, code string) httpAnswer {
	t.Helper()
	if a.status != status || a.code() != code {
		t.Fatalf("got %d %s, want %d %s", a.status, a.body, status, code)
	}
	return a
}

// code is that of a failure, "" where there is none.
func (a httpAnswer) code() string {
	var failure struct{ Code string }
	_ = json.Unmarshal(a.body, &failure) // else there is none
	return failure.Code
}

func (a httpAnswer) data(t *testing.T, into any) {
	t.Helper()
	httpMust(t, json.Unmarshal(a.body, &struct{ Data any }{into}))
}

// userID is the _id in the answer, wherever it stands.
func (a httpAnswer) userID(t *testing.T) string {
	t.Helper()
	_, rest, found := strings.Cut(string(a.body), `"_id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	if !found || id == "" {
		t.Fatalf("nobody is in %s", a.body)
	}
	return id
}

func httpMust(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
