package contract_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
)

var (
	userMembers    = []string{"_id", "avatar", "coverImage", "createdAt", "email", "fullname", "updatedAt", "username"}
	tokenMembers   = []string{"accessToken", "accessTokenExpiresAt", "refreshToken", "refreshTokenExpiresAt"}
	sessionMembers = []string{"createdAt", "current", "endReason", "endedAt", "expiresAt", "id", "ip", "lastUsedAt", "userAgent"}
	nothing        = []string{}
)

// route is one line of the contract's table.
type route struct {
	method, path string
	access       bool // needs an access token
	body         func(person fields, in signedIn) option
	status       int
	data         []string // its members, or those of its first element
}

var routes = []route{
	{"POST", "/register", false, registering, http.StatusCreated, userMembers},
	{"POST", "/login", false, signingIn, http.StatusOK, slices.Sorted(slices.Values(append([]string{"user"}, tokenMembers...)))},
	{"POST", "/refresh-token", false, refreshing, http.StatusOK, tokenMembers},
	{"POST", "/logout", true, none, http.StatusOK, nothing},
	{"GET", "/me", true, none, http.StatusOK, userMembers},
	{"PATCH", "/me", true, of(fields{"fullname": "Other Name"}), http.StatusOK, userMembers},
	{"PATCH", "/me/avatar", true, file("avatar"), http.StatusOK, userMembers},
	{"PATCH", "/me/cover-image", true, file("coverImage"), http.StatusOK, userMembers},
	{"POST", "/change-password", true, of(fields{"oldPassword": passphrase, "newPassword": "another horse"}), http.StatusOK, nothing},
	{"DELETE", "/me", true, of(fields{"password": passphrase}), http.StatusOK, nothing},
	{"GET", "/sessions", true, none, http.StatusOK, sessionMembers},
	{"DELETE", "/sessions/{id}", true, none, http.StatusOK, nothing},
	{"DELETE", "/sessions?keep=current", true, none, http.StatusOK, []string{"ended"}},
	{"DELETE", "/sessions?keep=none", true, none, http.StatusOK, []string{"ended"}},
}

func registering(fields, signedIn) option { return asJSON(newcomer()) }
func none(fields, signedIn) option        { return func(*http.Request) {} }

func signingIn(p fields, _ signedIn) option {
	return asJSON(fields{"username": p["username"], "password": passphrase})
}

func refreshing(_ fields, in signedIn) option {
	return asJSON(fields{"refreshToken": in.RefreshToken})
}

func of(f fields) func(fields, signedIn) option {
	return func(fields, signedIn) option { return asJSON(f) }
}

func file(name string) func(fields, signedIn) option {
	return func(fields, signedIn) option { return asMultipart(nil, map[string][]byte{name: picture()}) }
}

// call sends what the route takes, for a newcomer who has signed in.
func (r route) call(t *testing.T, s service, with ...option) answer {
	t.Helper()
	person := s.register(t)
	in := s.signIn(t, person)
	path := strings.ReplaceAll(r.path, "{id}", s.sessions(t, in)[0].ID)
	with = append(with, r.body(person, in))
	if r.access {
		with = append(with, bearer(in.AccessToken))
	}
	return s.send(t, r.method, path, with...)
}

func (r route) String() string { return r.method + " " + r.path }

func TestRoutesAnswer(t *testing.T) {
	s := open(t)
	for _, r := range routes {
		t.Run(r.String(), func(t *testing.T) {
			a := r.call(t, s).expect(t, r.status, "")
			data := bytes.TrimSuffix(bytes.TrimPrefix(a.Data, []byte("[")), []byte("]"))
			if got := members(t, data); !slices.Equal(got, r.data) {
				t.Errorf("data has the members %v, want %v", got, r.data)
			}
		})
	}
}

// TestRoutesNeedAnAccessToken: no route that needs one serves somebody without, or with the other kind of token.
func TestRoutesNeedAnAccessToken(t *testing.T) {
	s := open(t)
	in := s.caller(t)
	for _, r := range routes {
		if !r.access {
			continue
		}
		t.Run(r.String(), func(t *testing.T) {
			s.send(t, r.method, r.path, r.body(nil, in)).expect(t, http.StatusUnauthorized, "token_missing")
			for _, token := range []string{"rubbish", in.RefreshToken, in.AccessToken + "x"} {
				s.send(t, r.method, r.path, r.body(nil, in), bearer(token)).expect(t, http.StatusUnauthorized, "token_invalid")
			}
		})
	}
	s.alive(t, in)
}

// TestRoutesTakeTheirMethodsAlone: a known path with another method says which it takes.
func TestRoutesTakeTheirMethodsAlone(t *testing.T) {
	allowed := map[string][]string{}
	for _, r := range routes {
		path, _, _ := strings.Cut(r.path, "?")
		if !slices.Contains(allowed[path], r.method) {
			allowed[path] = append(allowed[path], r.method)
		}
	}
	s := open(t)
	for path, methods := range allowed {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
			if slices.Contains(methods, method) {
				continue
			}
			a := s.send(t, method, path).expect(t, http.StatusMethodNotAllowed, "method_not_allowed")
			got := strings.Split(a.header.Get("Allow"), ", ")
			if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(methods))) {
				t.Errorf("%s %s: Allow is %v, want %v", method, path, got, methods)
			}
		}
	}
}

// TestKeepIsSaidOnce, and is one of the two.
func TestKeepIsSaidOnce(t *testing.T) {
	s := open(t)
	in := s.caller(t)
	for _, query := range []string{"", "?keep=", "?keep=all", "?keep=current&keep=none", "?keep=current&keep=current"} {
		s.send(t, "DELETE", "/sessions"+query, bearer(in.AccessToken)).expect(t, http.StatusBadRequest, "validation_failed").blames(t, "keep")
	}
	s.alive(t, in)
}

func TestUnknownPaths(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/api", api, api + "/", api + "/me/", api + "/ME", api + "/login/x", "/nothing", "/api/v2/users/me", "//"} {
		a := s.fetch(t, "GET", path)
		a.open(t)
		a.expect(t, http.StatusNotFound, "not_found").blames(t)
	}
}
