package httpapi

import (
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

const (
	accessCookie  = "accessToken"
	refreshCookie = "refreshToken"
	// refreshPath keeps the refresh token from travelling anywhere else.
	refreshPath = "/api/v1/users"
)

// CookieConfig says how the cookies of tokens are marked (RFC 6265). HttpOnly they are always.
type CookieConfig struct {
	Secure   bool
	SameSite http.SameSite
	Domain   string // "" keeps them to this host
}

// jar makes the cookies.
type jar struct {
	CookieConfig
	now func() time.Time
}

// set hands both tokens to the browser, each for as long as it is good.
func (j jar) set(header http.Header, tokens app.Tokens) {
	j.add(header, accessCookie, "/", tokens.Access.Reveal(), j.maxAge(tokens.Access))
	j.add(header, refreshCookie, refreshPath, tokens.Refresh.Reveal(), j.maxAge(tokens.Refresh))
}

// clear takes both back.
func (j jar) clear(header http.Header) {
	j.add(header, accessCookie, "/", "", -1)
	j.add(header, refreshCookie, refreshPath, "", -1)
}

// maxAge is the rest of a token's life in whole seconds, begun ones included. For net/http, -1 is "over".
func (j jar) maxAge(token domain.Token) int {
	if left := token.ExpiresAt.Sub(j.now()); left > 0 {
		return int(math.Ceil(left.Seconds()))
	}
	return -1
}

func (j jar) add(header http.Header, name, path, value string, maxAge int) {
	cookie := http.Cookie{
		Name: name, Value: value, Path: path, Domain: j.Domain, MaxAge: maxAge,
		Secure: j.Secure, HttpOnly: true, SameSite: j.SameSite,
	}
	header.Add("Set-Cookie", cookie.String())
}

// forget takes back every cookie of these names that may lie beside ours: of the other path, or from before
// COOKIE_DOMAIN was set.
func (j jar) forget(header http.Header) {
	for _, domain := range slices.Compact([]string{"", j.Domain}) {
		each := jar{j.CookieConfig, j.now}
		each.Domain = domain
		for _, name := range []string{accessCookie, refreshCookie} {
			each.add(header, name, "/", "", -1)
			each.add(header, name, refreshPath, "", -1)
		}
	}
}

// displace takes back what forget does, but for ours, where the browser brings cookies of these names: those of a back end
// that was here before would lie beside the ones that are set now, and with both of them there would be no token.
func (j jar) displace(r *http.Request, header http.Header) {
	if len(cookies(r, accessCookie)) == 0 && len(cookies(r, refreshCookie)) == 0 {
		return
	}
	j.add(header, accessCookie, refreshPath, "", -1)
	j.add(header, refreshCookie, "/", "", -1)
	if j.Domain != "" {
		jar{CookieConfig{Secure: j.Secure, SameSite: j.SameSite}, j.now}.forget(header)
	}
}

// noToken is a text that no verifier takes.
const noToken = "="

// cookie is the value of a cookie. Where several come that differ, none of them is believed: whoever holds another host of
// the domain can lay theirs before the user's own, who would then act in somebody else's name.
func cookie(r *http.Request, name string) domain.Secret {
	switch values := cookies(r, name); len(values) {
	case 0:
		return domain.Secret{}
	case 1:
		return domain.NewSecret(values[0])
	}
	return domain.NewSecret(noToken)
}

// cookies are the different values of a cookie.
func cookies(r *http.Request, name string) []string {
	var values []string
	for _, c := range r.CookiesNamed(name) {
		if c.Value != "" && !slices.Contains(values, c.Value) {
			values = append(values, c.Value)
		}
	}
	return values
}

// ambiguous reports whether the browser holds several cookies of which one can be the user's.
func ambiguous(r *http.Request) bool {
	return len(cookies(r, accessCookie)) > 1 || len(cookies(r, refreshCookie)) > 1
}
