package httpapi

import (
	"math"
	"net/http"
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

func cookie(r *http.Request, name string) domain.Secret {
	c, err := r.Cookie(name)
	if err != nil {
		return domain.Secret{}
	}
	return domain.NewSecret(c.Value)
}
