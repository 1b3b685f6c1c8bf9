package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const logoutPath = "/api/v1/users/logout"

// verifier finds the same with every token.
type verifier struct{ err error }

func (v verifier) VerifyAccess(domain.Secret, time.Time) (domain.AccessClaims, error) {
	return domain.AccessClaims{}, v.err
}

func (v verifier) VerifyRefresh(domain.Secret, time.Time) (domain.RefreshClaims, error) {
	return domain.RefreshClaims{}, v.err
}

// testServer is a server whose tokens are all refused with this error. Its log goes to the buffer.
func testServer(t testing.TB, refused error, change func(*Config)) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	cfg := Config{
		App:       app.New(app.Deps{Verifier: verifier{refused}, Now: time.Now}),
		Logger:    slog.New(slog.NewJSONHandler(&log, nil)),
		Now:       time.Now,
		PublicURL: &url.URL{Scheme: "https", Host: "auth.example.org"},
		Ready:     func(context.Context) error { return nil },
		Observe:   func(string, string, int, time.Duration) {},
	}
	if change != nil {
		change(&cfg)
	}
	handler, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return handler, &log
}

func serve(handler http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

// Cookies are taken back from whom they are of no use to. After a fault it takes them to end the session.
func TestLogoutClearsCookiesThatAreOfNoUse(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		status int
		clears bool
	}{
		"refused":     {domain.ErrTokenExpired, http.StatusUnauthorized, true},
		"busy":        {domain.Busy(time.Second), http.StatusServiceUnavailable, false},
		"unavailable": {ports.Unavailable(errors.New("the cable")), http.StatusServiceUnavailable, false},
		"late":        {fmt.Errorf("asking: %w", context.DeadlineExceeded), http.StatusServiceUnavailable, false},
		"a bug":       {errors.New("a bug"), http.StatusInternalServerError, false},
	} {
		handler, _ := testServer(t, test.err, nil)
		r := httptest.NewRequest(http.MethodPost, logoutPath, nil)
		r.Header.Set("Authorization", "Bearer x")
		resp := serve(handler, r)
		if cleared := len(resp.Cookies()) == 2; resp.StatusCode != test.status || cleared != test.clears {
			t.Errorf("%s: %d, cleared: %t", name, resp.StatusCode, cleared)
		}
	}
}

// Stores that fail are heard of, and clients that leave are not: they would drown the others.
func TestWhoLeavesIsNoFault(t *testing.T) {
	left, leave := context.WithCancel(t.Context())
	leave()
	for name, test := range map[string]struct {
		ctx   context.Context
		cause error
		heard bool
	}{
		"the client left":             {left, context.Canceled, false},
		"the store failed meanwhile":  {left, errors.New("the cable"), true},
		"the store gave up by itself": {t.Context(), context.Canceled, true},
	} {
		handler, log := testServer(t, ports.Unavailable(test.cause), nil)
		r := httptest.NewRequestWithContext(test.ctx, http.MethodPost, logoutPath, nil)
		r.Header.Set("Authorization", "Bearer x")
		serve(handler, r)
		if heard := strings.Contains(log.String(), "request failed"); heard != test.heard {
			t.Errorf("%s: heard of: %t", name, heard)
		}
	}
}

// What cannot be read does not keep anybody signed in.
func TestLogoutIgnoresBodiesThatItCannotRead(t *testing.T) {
	handler, _ := testServer(t, domain.ErrTokenExpired, nil)
	for mediaType, content := range map[string]string{
		"text/plain;charset=UTF-8": "bye", jsonType: "[]", formType: "a=%zz", partType: "x", "": strings.Repeat("x", maxFieldsBytes+1),
	} {
		r := post(mediaType, content)
		r.URL.Path = logoutPath
		r.Header.Set("Authorization", "Bearer x")
		if resp := serve(handler, r); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d, want what the token deserves", mediaType, resp.StatusCode)
		}
	}
}

func TestMadeUpMethodsAreOne(t *testing.T) {
	var observed []string
	handler, log := testServer(t, nil, func(c *Config) {
		c.Observe = func(method, _ string, _ int, _ time.Duration) { observed = append(observed, method) }
	})
	long := strings.Repeat("X", 4096)
	serve(handler, httptest.NewRequest(long, "/healthz", nil))
	serve(handler, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if fmt.Sprint(observed) != "[other GET]" || strings.Contains(log.String(), long) || !strings.Contains(log.String(), `"method":"other"`) {
		t.Errorf("observed %.80s, logged %.200s", observed, log)
	}
}

func TestPanics(t *testing.T) {
	panicking := func(cause any) http.Handler {
		handler, _ := testServer(t, nil, func(c *Config) { c.Ready = func(context.Context) error { panic(cause) } })
		return handler
	}
	probe := httptest.NewRequest(http.MethodGet, "/readyz", nil)
	if resp := serve(panicking("a bug"), probe); resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("answered %d", resp.StatusCode)
	}
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler {
			t.Errorf("net/http was told %v, want that the answer breaks off", cause)
		}
	}()
	serve(panicking(http.ErrAbortHandler), probe)
}

func TestUserAgentIsBounded(t *testing.T) {
	for sent, want := range map[string]string{
		"curl/8":                         "curl/8",
		strings.Repeat("x", 600):         strings.Repeat("x", 512),
		strings.Repeat("x", 511) + "ünï": strings.Repeat("x", 511), // cut through a letter
		"a\xffb":                         "ab",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("User-Agent", sent)
		if got := userAgent(r); got != want || !utf8.ValidString(got) {
			t.Errorf("%q is kept as %q", sent, got)
		}
	}
}

func TestAccessTokenByItsScheme(t *testing.T) {
	for sent, want := range map[string]string{
		"Bearer x": "x", "bearer x": "x", "BEARER  x ": "x", "Basic x": "cookie", "Bearerx": "cookie", "": "cookie",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", sent)
		r.AddCookie(&http.Cookie{Name: accessCookie, Value: "cookie"})
		if got := accessToken(r).Reveal(); got != want {
			t.Errorf("%q presents %q, want %q", sent, got, want)
		}
	}
}

// Two readers of one request might each believe another header.
func TestAccessTokensByTwoHeadersAreNone(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header["Authorization"] = []string{"Bearer x", "Bearer y"}
	if got := accessToken(r).Reveal(); got != noToken {
		t.Errorf("presented is %q", got)
	}
}

func TestImageURL(t *testing.T) {
	s := &server{Config: Config{PublicURL: &url.URL{Scheme: "https", Host: "auth.example.org", Path: "/"}}}
	for ref, want := range map[string]string{
		"":                          "",
		"/images/a.png":             "https://auth.example.org/images/a.png",
		"//cdn.example.org/a.png":   "//cdn.example.org/a.png", // another host's
		"https://example.org/a.gif": "https://example.org/a.gif",
	} {
		if got := s.imageURL(ref); got != want {
			t.Errorf("%q becomes %q, want %q", ref, got, want)
		}
	}
}

func TestClientIP(t *testing.T) {
	for remote, want := range map[string]string{
		"203.0.113.9:1": "203.0.113.9", "[2001:db8::9]:1": "2001:db8::9", "[fe80::9%eth0]:1": "fe80::9", "@": "",
	} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodGet, "/", nil)
		c.Request.RemoteAddr = remote
		if got := newRequest(c).client().IP; got != want {
			t.Errorf("%s is %q, want %q", remote, got, want)
		}
	}
}
