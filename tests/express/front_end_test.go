package express_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"
)

// frontEnd is what was written for the Express back end. It knows nothing but a base URL.
type frontEnd struct {
	*http.Client
	t    *testing.T
	base string
}

// account is what a person types in.
type account struct{ username, email, fullname, password string }

// profile is what the front end shows of a person.
type profile map[string]any

type tokens struct{ AccessToken, RefreshToken string }

func browse(t *testing.T, base string) frontEnd {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	return frontEnd{&http.Client{Jar: jar}, t, base}
}

// call sends a request of the front end's, wants a status and the envelope around the data, and reads the data.
func (f frontEnd) call(method, route, accessToken string, body map[string]string, status int, data any) {
	f.t.Helper()
	sent, err := json.Marshal(body)
	must(f.t, err)
	req, err := http.NewRequestWithContext(f.t.Context(), method, f.base+"/api/v1/users"+route, bytes.NewReader(sent))
	must(f.t, err)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	if accessToken != "" {
		req.Header.Set("Authorization", "Bearer "+accessToken)
	}
	resp, err := f.Do(req)
	must(f.t, err)
	defer resp.Body.Close()
	var envelope struct {
		StatusCode int
		Success    bool
		Message    string
		Data       json.RawMessage
	}
	must(f.t, json.NewDecoder(resp.Body).Decode(&envelope))
	if resp.StatusCode != status || envelope.StatusCode != status || envelope.Success != (status < 400) || envelope.Message == "" {
		f.t.Fatalf("%s %s: %d %+v, want %d", method, route, resp.StatusCode, envelope, status)
	}
	if data != nil {
		must(f.t, json.Unmarshal(envelope.Data, data))
	}
}

func (f frontEnd) register(a account) (p profile) {
	f.t.Helper()
	f.call("POST", "/register", "", map[string]string{"username": a.username, "email": a.email, "fullname": a.fullname, "password": a.password}, 201, &p)
	return p
}

// login signs in by "email" or "username".
func (f frontEnd) login(by, name, password string) (in struct {
	tokens
	User profile
}) {
	f.t.Helper()
	f.call("POST", "/login", "", map[string]string{by: name, "password": password}, 200, &in)
	return in
}

// life is everything that the front end does for a person: by cookies, then by tokens that it keeps itself. It answers
// what it shows.
func (f frontEnd) life(a account) profile {
	f.t.Helper()
	var me, again profile
	var fresh tokens
	signedIn := f.login("email", a.email, a.password).User
	f.call("GET", "/me", "", nil, 200, &me)
	f.call("POST", "/refresh-token", "", map[string]string{}, 200, &fresh)
	f.call("GET", "/me", fresh.AccessToken, nil, 200, &again)
	f.call("POST", "/logout", "", map[string]string{}, 200, nil)
	f.call("GET", "/me", "", nil, 401, nil)

	f.Jar = nil
	in := f.login("username", a.username, a.password)
	f.call("POST", "/refresh-token", "", map[string]string{"refreshToken": in.RefreshToken}, 200, &fresh)
	f.call("GET", "/me", fresh.AccessToken, nil, 200, &me)
	f.call("POST", "/logout", fresh.AccessToken, map[string]string{}, 200, nil)
	for _, p := range []profile{signedIn, again, in.User} {
		if shown(p) != shown(me) {
			f.t.Errorf("it shows %v, then %v", p, me)
		}
	}
	return me
}

// goesOn has a person sign in once more whose cookies are another server's. What is left of those is in nobody's way.
func (f frontEnd) goesOn(a account) {
	f.t.Helper()
	f.call("GET", "/me", "", nil, 401, nil)
	f.call("POST", "/refresh-token", "", map[string]string{}, 401, nil)
	f.login("email", a.email, a.password)
	f.call("POST", "/refresh-token", "", map[string]string{}, 200, nil)
	f.call("GET", "/me", "", nil, 200, nil)
}

// shown is a person as the front end shows them. When they were changed last, which is not shown, each sign-in at the
// Express back end changes.
func shown(p profile) string {
	p = maps.Clone(p)
	delete(p, "updatedAt")
	text, _ := json.Marshal(p) // of texts: cannot fail
	return strings.Join(slices.Sorted(maps.Keys(p)), " ") + string(text)
}
