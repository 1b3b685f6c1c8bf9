package attack_test

import (
	"net/http"
	"strings"
	"testing"
)

const (
	httpPublic   = "https://auth.example.org"
	httpFrontEnd = "https://app.example.org"
)

var httpDeployed = map[string]string{"PUBLIC_URL": httpPublic, "CLIENT_URL": httpFrontEnd + ",http://localhost:5173"}

// httpStrangers are origins that are neither the service's nor a front end's, much as they look like it.
var httpStrangers = map[string]string{
	"nobody's":                    "null",
	"a stranger":                  "https://evil.example",
	"the parent":                  "https://example.org",
	"a sibling":                   "https://other.example.org",
	"below a front end":           "https://x.app.example.org",
	"below the service":           "https://x.auth.example.org",
	"a longer name":               "https://app.example.org.evil.example",
	"a name that ends like it":    "https://evilapp.example.org",
	"another top":                 "https://app.example.com",
	"a front end by http":         "http://app.example.org",
	"the service by http":         "http://auth.example.org",
	"another port of a front end": "https://app.example.org:8443",
	"the port that is implied":    "https://app.example.org:443",
	"another port of the service": "https://auth.example.org:8443",
	"another port of localhost":   "http://localhost:5174",
	"localhost without a port":    "http://localhost",
	"another name of localhost":   "http://127.0.0.1:5173",
	"in upper case":               "HTTPS://APP.EXAMPLE.ORG",
	"with a capital":              "https://App.example.org",
	"a trailing dot":              "https://app.example.org.",
	"a front end as userinfo":     "https://app.example.org@evil.example",
	"the service as userinfo":     "https://auth.example.org@evil.example",
	"the service with userinfo":   "https://evil@auth.example.org",
	"a path":                      "https://app.example.org/",
	"two in one":                  "https://app.example.org https://evil.example",
	"a list":                      "https://app.example.org, https://evil.example",
	"a wildcard":                  "*",
	"nothing":                     " ",
	"no scheme":                   "app.example.org",
	"a backslash":                 "https://app.example.org\\@evil.example",
	"a lookalike":                 "https://\u0430pp.example.org",
	"a file":                      "file://",
	"an extension":                "chrome-extension://abcdefghijklmnop",
}

// TestHTTPForgedRequests: what a stranger's page has a browser send that holds Alice's cookies, by whatever means a page
// has. Lost would be her account: deleted, renamed, its password changed, or she signed in as somebody else.
func TestHTTPForgedRequests(t *testing.T) {
	h := httpOpen(t, httpDeployed)
	text := func(content string) httpOption { return httpBody("text/plain;charset=UTF-8", content) }
	forged := map[string]struct {
		method, path string
		with         httpOption
	}{
		"a form that signs in":             {"POST", "/login", httpForm("email", "eve@example.org", "password", "x")},
		"a form that registers":            {"POST", "/register", httpForm("email", "eve@example.org", "password", "Eve has a long pole")},
		"a form that signs out":            {"POST", "/logout", httpForm()},
		"a form that refreshes":            {"POST", "/refresh-token", httpForm()},
		"a form that changes the password": {"POST", "/change-password", httpForm("oldPassword", httpPassword, "newPassword", "Eve has a long pole")},
		"a form with a file":               {"POST", "/register", httpFile("avatar", "a.png", httpPNG(4, 4))},
		"JSON as text":                     {"POST", "/change-password", text(httpObject("oldPassword", httpPassword, "newPassword", "Eve has a long pole"))},
		"JSON in the name of a field":      {"POST", "/login", text(`{"email":"eve@example.org","password":"x","=":""}`)},
		"a beacon":                         {"POST", "/logout", text("")},
		"a fetch that changes the profile": {"PATCH", "/me", httpJSON("email", "eve@example.org")},
		"a fetch that changes a picture":   {"PATCH", "/me/avatar", httpFile("avatar", "a.png", httpPNG(4, 4))},
		"a fetch that deletes":             {"DELETE", "/me", httpJSON("password", httpPassword)},
		"a fetch that ends a session":      {"DELETE", "/sessions/" + h.alice.session, httpForm()},
		"a fetch that ends all":            {"DELETE", "/sessions?keep=none", httpForm()},
	}
	own := func(r *http.Request) { r.Host = "auth.example.org" }
	for name, f := range forged {
		t.Run(name, func(t *testing.T) {
			for what, origin := range httpStrangers {
				// A browser of today says what site it comes from; an older one only the origin.
				for _, site := range []string{"cross-site", "same-site", ""} {
					with := []httpOption{own, f.with, httpCookies(h.alice), httpHeader("Origin", origin)}
					if site != "" {
						with = append(with, httpHeader("Sec-Fetch-Site", site))
					}
					if a := h.attack(t, f.method, httpUsers+f.path, with...); a.code() != "forbidden_origin" {
						t.Errorf("%s, %q: %d %s", what, site, a.status, a.body)
					}
				}
			}
			for _, site := range []string{"cross-site", "same-site", "unheard-of"} { // and no origin
				h.attack(t, f.method, httpUsers+f.path, own, f.with, httpCookies(h.alice), httpHeader("Sec-Fetch-Site", site)).expect(t, 403, "forbidden_origin")
			}
			for _, second := range []string{"https://evil.example", httpFrontEnd} {
				h.attack(t, f.method, httpUsers+f.path, own, f.with, httpCookies(h.alice), httpHeader("Origin", httpFrontEnd), httpHeader("Origin", second)).expect(t, 403, "forbidden_origin")
			}
		})
	}
	h.unharmed(t)
}

// TestHTTPTextIsNoJSON: should a browser say nothing of where it comes from, a page can still send nothing but forms
// and text without being asked. Lost would be what JSON changes.
func TestHTTPTextIsNoJSON(t *testing.T) {
	h := httpOpen(t)
	for _, mediaType := range []string{"text/plain", "text/plain; application/json", "", "application/jsonp", "text/json", "application/json/x", "*/*"} {
		with := httpBody(mediaType, httpObject("oldPassword", httpPassword, "newPassword", "Eve has a long pole"))
		h.attack(t, "POST", httpUsers+"/change-password", with, httpCookies(h.alice)).expect(t, 415, "unsupported_media_type")
	}
	h.unharmed(t)
}

// TestHTTPForeignReads: a stranger's page that reads an answer to a request with Alice's cookies. Lost would be her
// profile, and where she is signed in.
func TestHTTPForeignReads(t *testing.T) {
	h := httpOpen(t, httpDeployed)
	for what, origin := range httpStrangers {
		for _, path := range []string{httpUsers + "/me", httpUsers + "/sessions", "/.well-known/jwks.json", "/", "/nothing"} {
			for _, method := range []string{"GET", "OPTIONS"} {
				with := []httpOption{httpHost("auth.example.org"), httpHeader("Origin", origin), httpCookies(h.alice)}
				if method == "OPTIONS" {
					with = append(with, httpHeader("Access-Control-Request-Method", "PATCH"), httpHeader("Access-Control-Request-Private-Network", "true"))
				}
				a := h.send(t, method, path, with...)
				for name := range a.header {
					if strings.HasPrefix(name, "Access-Control-") {
						t.Errorf("%s may read %s: %s", what, path, name)
					}
				}
				if got := a.header.Get("Cross-Origin-Resource-Policy"); got != "same-origin" {
					t.Errorf("%s may embed %s: %q", what, path, got)
				}
			}
		}
	}
	for _, query := range []string{"?callback=steal", "?jsonp=steal", "?format=js"} {
		a := h.send(t, "GET", httpUsers+"/me"+query, httpCookies(h.alice)).expect(t, 200, "")
		if a.header.Get("Content-Type") != "application/json; charset=utf-8" || !strings.HasPrefix(string(a.body), "{") || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s makes %v %s", query, a.header, a.body)
		}
	}
	for _, twice := range [][2]string{{httpFrontEnd, "https://evil.example"}, {"https://evil.example", httpFrontEnd}} {
		a := h.attack(t, "GET", httpUsers+"/me", httpHeader("Origin", twice[0]), httpHeader("Origin", twice[1]), httpCookies(h.alice)).expect(t, 403, "forbidden_origin")
		if a.header["Access-Control-Allow-Origin"] != nil {
			t.Errorf("%v may read", twice)
		}
	}
	a := h.send(t, "GET", httpUsers+"/me", httpHost("auth.example.org"), httpHeader("Origin", httpFrontEnd), httpCookies(h.alice)).expect(t, 200, "")
	if a.header.Get("Access-Control-Allow-Origin") != httpFrontEnd {
		t.Errorf("a front end may not read: %v", a.header)
	}
}

// TestHTTPTransportSecurity: an answer that a browser might get by http the next time. Lost would be what is typed there.
func TestHTTPTransportSecurity(t *testing.T) {
	h := httpOpen(t, httpDeployed)
	for _, path := range []string{"/", "/docs", "/nothing", httpUsers + "/me", httpUsers + "/login", "/images/x.png", "/.well-known/jwks.json", "/healthz"} {
		if got := h.send(t, "GET", path).header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
			t.Errorf("%s: Strict-Transport-Security is %q", path, got)
		}
	}
}
