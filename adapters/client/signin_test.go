package client_test

import (
	"net/http"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/client"
)

// TestAPasswordFollowsNoRedirection: whoever sits before Latchkey could send it anywhere.
func TestAPasswordFollowsNoRedirection(t *testing.T) {
	l := open(t)
	l.link.becomes(func(req *http.Request) *http.Response {
		if req.URL.Host == "evil.example.com" {
			t.Error("the password went there")
		}
		return reply(http.StatusTemporaryRedirect, "", "Location", "https://evil.example.com/")
	})
	_, err := l.Login(t.Context(), ada)
	if refused := is(t, err, ""); refused.Status != http.StatusTemporaryRedirect {
		t.Errorf("got %v", refused)
	}
}

// TestSigningOutForgetsTokens also those that Latchkey does not take, but not those that it could not be told of.
func TestSigningOutForgetsTokens(t *testing.T) {
	l := open(t)
	before := l.tokens(t)
	l.link.becomes(func(*http.Request) *http.Response { return reply(503, `{"code":"unavailable"}`) })
	is(t, l.Logout(t.Context()), client.CodeUnavailable)
	if l.tokens(t) != before {
		t.Error("the tokens of a session that lives are gone")
	}
	l.link.becomes(nil)
	must(t, l.kept.Save(t.Context(), client.Tokens{AccessToken: "rubbish", RefreshToken: "rubbish"}))
	is(t, l.Logout(t.Context()), client.CodeTokenInvalid)
	if l.tokens(t) != (client.Tokens{}) {
		t.Error("tokens are kept that are good for nothing")
	}
}

// TestWithoutARefreshToken there is nothing to refresh with, and the refusal stands.
func TestWithoutARefreshToken(t *testing.T) {
	l := open(t)
	l.expire(t)
	must(t, l.kept.Save(t.Context(), client.Tokens{AccessToken: l.tokens(t).AccessToken}))
	_, err := l.Me(t.Context())
	is(t, err, client.CodeTokenExpired)
	if l.link.count(refreshRoute) != 0 {
		t.Error("a refresh was tried")
	}
}
