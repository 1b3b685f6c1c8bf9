package attack_test

import (
	"slices"
	"strings"
	"testing"
)

// TestHTTPTossedCookies: whoever holds another host of the domain lays cookies of their own beside Alice's, for a longer
// path or an older date, so that the browser sends both. Lost would be what Alice then does, unknowing, in Eve's account.
func TestHTTPTossedCookies(t *testing.T) {
	h := httpOpen(t)
	eve := h.newcomer(t, "eve", "Eve has a long pole")
	access := func(values ...string) httpOption {
		return httpHeader("Cookie", "accessToken="+strings.Join(values, "; accessToken="))
	}
	refresh := func(values ...string) httpOption {
		return httpHeader("Cookie", "refreshToken="+strings.Join(values, "; refreshToken="))
	}
	for name, order := range map[string][]string{
		"hers first": {h.alice.access, eve.access}, "Eve's first": {eve.access, h.alice.access},
		"Eve's twice": {eve.access, h.alice.access, eve.access}, "rubbish first": {"rubbish", h.alice.access},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range [][2]string{{"GET", "/me"}, {"PATCH", "/me"}, {"DELETE", "/sessions?keep=none"}, {"GET", "/sessions"}} {
				a := h.attack(t, r[0], httpUsers+r[1], access(order...), httpJSON("fullname", "Mallory")).expect(t, 401, "token_invalid")
				httpForgets(t, a)
			}
			h.attack(t, "GET", httpUsers+"/me", access(order[:1]...), access(order[1:]...)).expect(t, 401, "token_invalid") // in two headers
		})
	}
	for name, order := range map[string][]string{"hers first": {h.alice.refresh, eve.refresh}, "Eve's first": {eve.refresh, h.alice.refresh}} {
		t.Run("refreshing, "+name, func(t *testing.T) {
			httpForgets(t, h.attack(t, "POST", httpUsers+"/refresh-token", refresh(order...)).expect(t, 401, "token_invalid"))
			h.attack(t, "POST", httpUsers+"/logout", refresh(order...)).expect(t, 401, "token_invalid")
		})
	}
	for _, with := range []httpOption{access(h.alice.access, h.alice.access), access("", h.alice.access)} { // no doubt whose
		h.send(t, "GET", httpUsers+"/me", with).expect(t, 200, "")
	}
	h.send(t, "GET", httpUsers+"/me", access(eve.access, h.alice.access), httpBearer(h.alice.access)).expect(t, 200, "") // nor here
	h.unharmed(t)
	h.alice = eve
	h.unharmed(t)
}

// httpForgets checks that an answer takes back both cookies, of both paths.
func httpForgets(t *testing.T, a httpAnswer) {
	t.Helper()
	var gone []string
	for _, cookie := range a.header["Set-Cookie"] {
		if !strings.Contains(cookie, "Max-Age=0;") {
			t.Errorf("sets %s", cookie)
		}
		path, _, _ := strings.Cut(cookie, "; Max-Age")
		gone = append(gone, path)
	}
	slices.Sort(gone)
	if want := []string{"accessToken=; Path=/", "accessToken=; Path=/api/v1/users", "refreshToken=; Path=/", "refreshToken=; Path=/api/v1/users"}; !slices.Equal(gone, want) {
		t.Errorf("takes back %q", gone)
	}
}

// TestHTTPOddCookies: cookies that are other than they look. Lost would be a session to whoever gets a token taken that
// stands under another name, or in the place of the other kind.
func TestHTTPOddCookies(t *testing.T) {
	h := httpOpen(t)
	for name, cookie := range map[string]string{
		"another case":          "AccessToken=" + h.alice.access,
		"a prefix":              "__Host-accessToken=" + h.alice.access,
		"a name in quotes":      `"accessToken"=` + h.alice.access,
		"within another":        "x=accessToken=" + h.alice.access,
		"a version":             `$Version=1; $accessToken=` + h.alice.access,
		"the other kind":        "accessToken=" + h.alice.refresh,
		"a comma between":       "accessToken=" + h.alice.access + "," + h.alice.access,
		"a list of one":         "accessToken[]=" + h.alice.access,
		"escaped":               "accessToken=" + strings.ReplaceAll(h.alice.access, ".", "%2e"),
		"many of them":          strings.Repeat("a=b; ", 4000) + "x=y",
		"nothing but a divider": ";;;=;=;",
	} {
		t.Run(name, func(t *testing.T) {
			a := h.attack(t, "GET", httpUsers+"/me", httpHeader("Cookie", cookie))
			if a.status != 401 {
				t.Errorf("got %d %s", a.status, a.body)
			}
		})
	}
	for _, cookie := range []string{"refreshToken=" + h.alice.access, "accessToken=" + h.alice.refresh} {
		h.attack(t, "POST", httpUsers+"/refresh-token", httpHeader("Cookie", cookie))
	}
	h.unharmed(t)
}

// TestHTTPLargestCookies: names that make a token too large for a browser to keep (RFC 6265, section 6.1). Lost would be
// the sign-in of whoever has such a name, and with it the means to leave.
func TestHTTPLargestCookies(t *testing.T) {
	h := httpOpen(t, map[string]string{"PUBLIC_URL": "https://" + strings.Repeat("a", 60) + ".example.org"})
	email := strings.Repeat("&", 64) + "@" + strings.Repeat(strings.Repeat("a", 60)+".", 3) + "org"
	long := httpJSON("email", email, "username", strings.Repeat("&", 64), "fullname", strings.Repeat("<", 200), "password", httpPassword)
	h.send(t, "POST", httpUsers+"/register", long).expect(t, 201, "")
	a := h.send(t, "POST", httpUsers+"/login", long).expect(t, 200, "")
	for _, cookie := range a.header["Set-Cookie"] {
		if pair, _, _ := strings.Cut(cookie, ";"); len(pair) > 4096 {
			t.Errorf("%.20s… has %d bytes", pair, len(pair))
		}
	}
}
