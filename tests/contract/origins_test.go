package contract_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

const (
	frontEnd = "https://app.example.org"
	stranger = "https://evil.example.org"
)

var twoFrontEnds = map[string]string{"CLIENT_URL": frontEnd + ", http://localhost:5173/"}

// TestForbiddenOrigins: a browser on a stranger's page changes nothing here, with or without the headers of today.
func TestForbiddenOrigins(t *testing.T) {
	s := open(t, twoFrontEnds)
	host := s.URL
	for _, c := range []struct {
		name    string
		with    []option
		allowed bool
	}{
		{"no browser", nil, true},
		{"the service's own page", []option{header("Sec-Fetch-Site", "same-origin"), header("Origin", host)}, true},
		{"the service's own page, in an old browser", []option{header("Origin", host)}, true},
		{"somebody who typed the address", []option{header("Sec-Fetch-Site", "none")}, true},
		{"a front end", []option{header("Sec-Fetch-Site", "cross-site"), header("Origin", frontEnd)}, true},
		{"another front end", []option{header("Sec-Fetch-Site", "same-site"), header("Origin", "http://localhost:5173")}, true},
		{"a front end, in an old browser", []option{header("Origin", frontEnd)}, true},
		{"a stranger", []option{header("Sec-Fetch-Site", "cross-site"), header("Origin", stranger)}, false},
		{"a stranger who hides", []option{header("Sec-Fetch-Site", "cross-site")}, false},
		{"a stranger in an old browser", []option{header("Origin", stranger)}, false},
		{"a sandboxed frame", []option{header("Origin", "null")}, false},
		{"a sibling", []option{header("Sec-Fetch-Site", "same-site"), header("Origin", "https://other.example.org")}, false},
		{"a front end without encryption", []option{header("Origin", "http://app.example.org")}, false},
		{"a front end on another port", []option{header("Origin", frontEnd+":8443")}, false},
		{"who looks like a front end", []option{header("Origin", frontEnd+".evil.example")}, false},
		{"the same host on another port", []option{header("Origin", "http://127.0.0.1:1")}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			person := newcomer()
			a := s.send(t, "POST", "/register", append(c.with, asJSON(person))...)
			if c.allowed {
				a.expect(t, http.StatusCreated, "")
				return
			}
			a.expect(t, http.StatusForbidden, "forbidden_origin").blames(t)
			s.send(t, "POST", "/register", asJSON(person)).expect(t, http.StatusCreated, "") // it had changed nothing
		})
	}
}

// TestForbiddenOriginsOnEveryRoute: whatever changes something refuses strangers, even with good cookies; reading is
// no harm, since the answer cannot be read.
func TestForbiddenOriginsOnEveryRoute(t *testing.T) {
	s := open(t, twoFrontEnds)
	in := s.caller(t)
	mine := []option{cookie("accessToken", in.AccessToken), cookie("refreshToken", in.RefreshToken), header("Sec-Fetch-Site", "cross-site"), header("Origin", stranger)}
	for _, r := range routes {
		a := s.send(t, r.method, r.path, append(mine, r.body(newcomer(), in))...)
		if r.method == http.MethodGet {
			a.expect(t, http.StatusOK, "")
			continue
		}
		a.expect(t, http.StatusForbidden, "forbidden_origin")
	}
	s.alive(t, in)
}

// permissions are the headers by which a browser lets a page read an answer.
func permissions(a answer) map[string]string {
	all := map[string]string{}
	for name, values := range a.header {
		if short, ok := strings.CutPrefix(name, "Access-Control-"); ok {
			all[short] = strings.Join(values, ",")
		}
	}
	return all
}

func TestCORSLetsFrontEndsRead(t *testing.T) {
	s := open(t, twoFrontEnds)
	for _, origin := range []string{frontEnd, "http://localhost:5173"} {
		for _, path := range []string{api + "/me", api + "/nothing", "/.well-known/jwks.json"} {
			a := s.fetch(t, "GET", path, header("Origin", origin))
			if got := permissions(a); got["Allow-Origin"] != origin || got["Allow-Credentials"] != "true" ||
				!strings.Contains(strings.ToLower(got["Expose-Headers"]), "x-request-id") || !slices.Contains(a.header.Values("Vary"), "Origin") {
				t.Errorf("%s from %s gets %v, Vary %q", path, origin, got, a.header.Values("Vary"))
			}
		}
	}
}

func TestCORSPreflight(t *testing.T) {
	s := open(t, twoFrontEnds)
	for _, r := range routes {
		a := s.fetch(t, "OPTIONS", api+r.path, header("Origin", frontEnd), header("Access-Control-Request-Method", r.method),
			header("Access-Control-Request-Headers", "authorization,content-type,x-request-id"))
		got := permissions(a)
		if a.status != http.StatusNoContent || len(a.raw) > 0 || got["Allow-Origin"] != frontEnd || got["Allow-Credentials"] != "true" ||
			got["Allow-Methods"] != r.method || got["Allow-Headers"] == "" || got["Max-Age"] == "" {
			t.Errorf("%v: the preflight gets %d %v", r, a.status, got)
		}
	}
	for _, method := range []string{"PUT", "TRACE"} {
		if got := permissions(s.fetch(t, "OPTIONS", api+"/me", header("Origin", frontEnd), header("Access-Control-Request-Method", method))); len(got) > 0 {
			t.Errorf("%s is permitted: %v", method, got)
		}
	}
}

// TestCORSLetsNobodyElseRead, and nobody at all where no front end is named.
func TestCORSLetsNobodyElseRead(t *testing.T) {
	for _, s := range []service{open(t, twoFrontEnds), open(t)} {
		for _, origin := range []string{stranger, "null", "http://app.example.org", frontEnd + ".evil.example", "*"} {
			asked := s.send(t, "OPTIONS", "/me", header("Origin", origin), header("Access-Control-Request-Method", "PATCH"))
			asked.expect(t, http.StatusForbidden, "forbidden_origin") // whose message names CLIENT_URL
			for _, a := range []answer{asked, s.fetch(t, "GET", api+"/me", header("Origin", origin))} {
				if got := permissions(a); len(got) > 0 {
					t.Errorf("%s may read: %v", origin, got)
				}
			}
		}
	}
}
