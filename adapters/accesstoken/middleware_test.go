package accesstoken_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
)

// hello says who calls.
var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	claims, ok := accesstoken.FromContext(r.Context())
	if !ok {
		w.WriteHeader(http.StatusTeapot)
	}
	_, _ = io.WriteString(w, claims.Email)
})

func TestRequireLetsGoodTokensThroughAndNothingElse(t *testing.T) {
	l := open(t, asking(0))
	expired := l.signIn(t)
	l.Clock.Advance(accessTTL)
	in, over := l.signIn(t), l.signIn(t)
	l.logout(t, over)
	for name, c := range map[string]struct {
		authorization []string
		status        int
		challenge     string
	}{
		"a good token":       {[]string{"Bearer " + in.AccessToken}, 200, ""},
		"in small letters":   {[]string{"bearer  " + in.AccessToken}, 200, ""},
		"nothing":            {nil, 401, `Bearer`},
		"an empty header":    {[]string{""}, 401, `Bearer`},
		"another scheme":     {[]string{"Basic " + in.AccessToken}, 401, `Bearer`},
		"no scheme":          {[]string{in.AccessToken}, 401, `Bearer`},
		"no token":           {[]string{"Bearer "}, 401, `Bearer error="invalid_token", error_description="the access token is invalid"`},
		"rubbish":            {[]string{"Bearer rubbish"}, 401, `Bearer error="invalid_token", error_description="the access token is invalid"`},
		"a refresh token":    {[]string{"Bearer " + in.RefreshToken}, 401, `Bearer error="invalid_token", error_description="the access token is invalid"`},
		"an expired token":   {[]string{"Bearer " + expired.AccessToken}, 401, `Bearer error="invalid_token", error_description="the access token has expired"`},
		"an ended session":   {[]string{"Bearer " + over.AccessToken}, 401, `Bearer error="invalid_token", error_description="the session has ended"`},
		"two headers":        {[]string{"Bearer " + in.AccessToken, "Bearer " + in.AccessToken}, 400, `Bearer error="invalid_request", error_description="there is more than one Authorization header"`},
		"a bad one and good": {[]string{"", "Bearer " + in.AccessToken}, 400, `Bearer error="invalid_request", error_description="there is more than one Authorization header"`},
	} {
		t.Run(name, func(t *testing.T) {
			req := httptest.NewRequest("GET", "/?access_token="+in.AccessToken, nil)
			req.AddCookie(&http.Cookie{Name: "accessToken", Value: in.AccessToken})
			req.Header["Authorization"] = c.authorization
			w := httptest.NewRecorder()
			l.verifier.Require(hello).ServeHTTP(w, req)
			if got := w.Header().Get("WWW-Authenticate"); w.Code != c.status || got != c.challenge {
				t.Errorf("got %d %s, want %d %s", w.Code, got, c.status, c.challenge)
			}
			if (w.Body.String() == "ada@example.org") != (c.status == 200) {
				t.Errorf("the body is %q", w.Body)
			}
			if c.status != 200 && w.Header().Get("Cache-Control") != "no-store" {
				t.Error("caches may keep a refusal")
			}
		})
	}
}

// TestWhatCannotBeCheckedIsNoFaultOfTheToken: a client that took 503 for 401 would sign people out.
func TestWhatCannotBeCheckedIsNoFaultOfTheToken(t *testing.T) {
	var told error
	l := open(t, func(cfg *accesstoken.Config) {
		cfg.Refuse = func(w http.ResponseWriter, _ *http.Request, err error) {
			told = err
			accesstoken.WriteRefusal(w, err)
		}
	})
	l.link.cut()
	req := httptest.NewRequest("GET", "/", nil)
	req.Header.Set("Authorization", "Bearer "+l.signIn(t).AccessToken)
	w := httptest.NewRecorder()
	l.verifier.Require(hello).ServeHTTP(w, req)
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || w.Header().Get("WWW-Authenticate") != "" || strings.Contains(w.Body.String(), "cut") {
		t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
	if !errors.Is(told, accesstoken.ErrUnavailable) || !strings.Contains(told.Error(), "the link is cut") {
		t.Errorf("the program was told %v", told)
	}
}
