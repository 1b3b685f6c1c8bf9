package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

// Whoever gives an answer, it carries what protects it: a panic too.
func TestEveryAnswerIsProtected(t *testing.T) {
	pages := map[string]http.Handler{
		"/text": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "gone", http.StatusNotFound) }),
		"/own":  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Referrer-Policy", "origin") }),
	}
	handler, _ := testServer(t, nil, func(c *Config) {
		c.Pages = pages
		c.Ready = func(context.Context) error { panic("a bug") }
	})
	for path, status := range map[string]int{"/healthz": 200, "/readyz": 500, "/nothing": 404, logoutPath: 405, "/text": 404, "/own": 200} {
		resp := serve(handler, httptest.NewRequest(http.MethodGet, path, nil))
		if resp.StatusCode != status {
			t.Errorf("%s answers %d, want %d", path, resp.StatusCode, status)
		}
		for name, want := range protectiveHeaders(&url.URL{Scheme: "https"}) {
			if path == "/own" && name == "Referrer-Policy" {
				want = []string{"origin"}
			}
			if got := resp.Header[name]; !slices.Equal(got, want) {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

// Only who is reached by https may ask to be reached by nothing else.
func TestTransportSecurityIsForHTTPS(t *testing.T) {
	if got := protectiveHeaders(&url.URL{Scheme: "http"})["Strict-Transport-Security"]; got != nil {
		t.Errorf("by http: %q", got)
	}
}

// Answers vary by origin where some origins may read them.
func TestAnswersVaryByOriginWhereSomeMayRead(t *testing.T) {
	for _, origins := range [][]string{nil, {"https://app.example.org"}} {
		handler, _ := testServer(t, nil, func(c *Config) { c.ClientOrigins = origins })
		resp := serve(handler, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		if got := resp.Header.Get("Vary") == "Origin"; got != (origins != nil) {
			t.Errorf("with the origins %q, Vary is %q", origins, resp.Header.Get("Vary"))
		}
	}
}

// A page refuses in the envelope, as everything does.
func TestPagesRefuseInTheEnvelope(t *testing.T) {
	for status, want := range map[int]string{http.StatusNotFound: "not_found", http.StatusMethodNotAllowed: "method_not_allowed", http.StatusInternalServerError: "internal"} {
		handler, _ := testServer(t, nil, func(c *Config) {
			c.Pages = map[string]http.Handler{"/page": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "secret inside", status) })}
		})
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/page", nil))
		if w.Code != status || !strings.Contains(w.Body.String(), `"code":"`+want+`"`) || strings.Contains(w.Body.String(), "inside") ||
			w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%d: %d %v %s", status, w.Code, w.Header(), w.Body)
		}
	}
}

// net/http compares hosts alone; what it overlooks is refused here.
func TestImpostors(t *testing.T) {
	s := &server{Config: Config{PublicURL: &url.URL{Scheme: "https", Host: "Auth.example.org"}, ClientOrigins: []string{"http://localhost:5173"}}}
	for _, c := range []struct {
		origins []string
		want    bool
	}{
		{nil, false},
		{[]string{"null"}, false}, // for protection to refuse
		{[]string{"https://auth.example.org"}, false},
		{[]string{"https://other.example.org"}, false}, // likewise
		{[]string{"capacitor://localhost"}, false},
		{[]string{"http://auth.example.org"}, true},
		{[]string{"http://localhost:5173"}, false},
		{[]string{"https://eve@auth.example.org"}, true},
		{[]string{"https://auth.example.org/"}, true},
		{[]string{"https://auth.example.org/page"}, true},
		{[]string{"https://auth.example.org?"}, true},
		{[]string{"HTTPS://auth.example.org"}, true},
		{[]string{"//auth.example.org"}, true},
		{[]string{"auth.example.org"}, true},
		{[]string{"https://%zz"}, true},
		{[]string{""}, true},
		{[]string{"https://auth.example.org, https://evil.example"}, true},
		{[]string{"https://auth.example.org", "https://evil.example"}, true},
		{[]string{"null", "null"}, true},
	} {
		if got := s.isImpostor(c.origins); got != c.want {
			t.Errorf("%q: %t", c.origins, got)
		}
	}
	s.ClientOrigins = []string{"http://auth.example.org"}
	if s.isImpostor(s.ClientOrigins) {
		t.Error("a front end that is named is refused")
	}
}

// Several cookies of one name are no token, and are taken back wherever they may lie.
func TestAmbiguousCookies(t *testing.T) {
	var presented []string
	for header, want := range map[string]string{
		"accessToken=a":                               "a",
		"accessToken=a; accessToken=a":                "a",
		"accessToken=; accessToken=a":                 "a",
		"accessToken=eve; accessToken=a":              noToken,
		"accessToken=eve; accessToken=a; Accesstoken": noToken,
	} {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/users/me", nil)
		r.Header.Set("Cookie", header)
		if got := cookie(r, accessCookie).Reveal(); got != want || ambiguous(r) != (want == noToken) {
			t.Errorf("%s presents %q, ambiguous: %t", header, got, ambiguous(r))
		}
		handler, _ := testServer(t, domain.ErrTokenInvalid, func(c *Config) { c.Cookies.Domain = "example.org" })
		resp := serve(handler, r)
		for _, c := range resp.Cookies() {
			presented = append(presented, c.Name+" "+c.Path+" "+c.Domain)
			if c.MaxAge >= 0 || c.Value != "" {
				t.Errorf("%s is set", c)
			}
		}
		if gone := len(resp.Cookies()) == 8; resp.StatusCode != http.StatusUnauthorized || gone != ambiguous(r) {
			t.Errorf("%s: %d, takes back %v", header, resp.StatusCode, resp.Cookies())
		}
	}
	slices.Sort(presented)
	want := []string{
		"accessToken / ", "accessToken / example.org", "accessToken /api/v1/users ", "accessToken /api/v1/users example.org",
		"refreshToken / ", "refreshToken / example.org", "refreshToken /api/v1/users ", "refreshToken /api/v1/users example.org",
	}
	if got := slices.Compact(presented); !slices.Equal(got, want) {
		t.Errorf("taken back are %q", got)
	}
}
