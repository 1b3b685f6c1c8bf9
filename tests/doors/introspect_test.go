package doors_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// introspect asks as the gateway.
func (h house) introspect(t *testing.T, token string) map[string]any {
	t.Helper()
	return h.post(t, introspectPath, form("token", token), asGateway).expect(t, 200, "").body
}

// worthless checks that nothing is said about tokens but that they are not active.
func (h house) worthless(t *testing.T, tokens ...string) {
	t.Helper()
	for _, token := range tokens {
		if said := h.introspect(t, token); !maps.Equal(said, map[string]any{"active": false}) {
			t.Errorf("said is %v", said)
		}
	}
}

func TestIntrospectionOfTokensThatAreGood(t *testing.T) {
	h := open(t, withClients, map[string]string{"ACCESS_TOKEN_AUDIENCE": "api"})
	in := h.signIn(t)
	claims := map[string]any{
		"active": true, "iss": issuer, "sub": in.User.ID,
		"email": in.User.Email, "username": in.User.Username, "fullname": in.User.Fullname,
	}
	for _, c := range []struct {
		token   string
		expires time.Time
		more    map[string]any
	}{
		{in.AccessToken, in.AccessTokenExpiresAt, map[string]any{"token_type": "Bearer", "token_use": "access_token", "aud": "api"}},
		{in.RefreshToken, in.RefreshTokenExpiresAt, map[string]any{"token_use": "refresh_token"}},
	} {
		want := maps.Clone(claims)
		maps.Copy(want, c.more)
		want["exp"] = float64(c.expires.Unix())
		for _, hint := range []string{"", "access_token", "refresh_token", "saml2"} {
			said := h.post(t, introspectPath, form("token", c.token, "token_type_hint", hint), asGateway).expect(t, 200, "").body
			want["sid"] = said["sid"]
			if sid, _ := said["sid"].(string); !maps.Equal(said, want) || sid == "" {
				t.Errorf("hint %q: said is %v, want %v", hint, said, want)
			}
		}
	}
}

// TestIntrospectionOfWhatIsWorthNothing never says why.
func TestIntrospectionOfWhatIsWorthNothing(t *testing.T) {
	h := open(t, withClients)
	h.worthless(t, "rubbish", "a.b.c", strings.Repeat("x", 32<<10), open(t).signIn(t).AccessToken)
	for name, end := range map[string]func(scenario.SignedIn) error{
		"signed out": func(in scenario.SignedIn) error {
			return scenario.HTTP(h.client, issuer).Logout(t.Context(), in.AccessToken, "")
		},
		"password changed": func(in scenario.SignedIn) error {
			return scenario.HTTP(h.client, issuer).ChangePassword(t.Context(), h.again(t, in.User.Username).AccessToken, passphrase, "another horse battery")
		},
		"account deleted": func(in scenario.SignedIn) error {
			return scenario.HTTP(h.client, issuer).DeleteAccount(t.Context(), in.AccessToken, passphrase)
		},
		"expired": func(scenario.SignedIn) error {
			h.Clock.Advance(15 * 24 * time.Hour)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := h.signIn(t)
			must(t, end(in))
			h.worthless(t, in.AccessToken, in.RefreshToken)
		})
	}
}

// TestIntrospectionRedeemsNothing: a token is as good after it was looked at as before, and looking at a retired one ends
// no session.
func TestIntrospectionRedeemsNothing(t *testing.T) {
	h := open(t, withClients)
	in := h.signIn(t)
	h.introspect(t, in.RefreshToken)
	next, _ := h.post(t, tokenPath, refreshing(in.RefreshToken)).expect(t, 200, "").body["refresh_token"].(string)
	h.Clock.Advance(31 * time.Second)
	h.worthless(t, in.RefreshToken)
	h.post(t, tokenPath, refreshing(next)).expect(t, 200, "")
}

// TestIntrospectionIsForClients alone: neither a good token nor another's secret serves instead.
func TestIntrospectionIsForClients(t *testing.T) {
	h := open(t, withClients)
	in := h.signIn(t)
	asked := form("token", in.AccessToken)
	posted := func(id, secret string) url.Values {
		return form("token", in.AccessToken, "client_id", id, "client_secret", secret)
	}
	for name, c := range map[string]struct {
		form url.Values
		with []option
	}{
		"nobody":             {asked, nil},
		"a public client":    {form("token", in.AccessToken, "client_id", "my-app"), nil},
		"no secret":          {form("token", in.AccessToken, "client_id", clientID), nil},
		"a wrong secret":     {posted(clientID, "wrong"), nil},
		"half a secret":      {posted(clientID, clientSecret[:31]), nil},
		"another's secret":   {posted("shop", clientSecret), nil},
		"an unknown client":  {posted("nobody", clientSecret), nil},
		"a wrong header":     {asked, []option{basic(clientID, "wrong")}},
		"the token's bearer": {asked, []option{header("Authorization", "Bearer "+in.AccessToken)}},
		"the token's cookie": {asked, []option{header("Cookie", "accessToken="+in.AccessToken)}},
	} {
		t.Run(name, func(t *testing.T) { h.post(t, introspectPath, c.form, c.with...).expect(t, 401, "invalid_client") })
	}
	h.post(t, introspectPath, nil, asGateway).expect(t, 400, "invalid_request")
	for _, secret := range []string{clientSecret, oldSecret, url.QueryEscape(oldSecret), strings.ReplaceAll(oldSecret, "~", "%7E")} {
		if said := h.post(t, introspectPath, asked, basic(clientID, secret)).expect(t, 200, "").body; said["active"] != true {
			t.Errorf("said is %v", said)
		}
	}
	if said := h.post(t, introspectPath, posted(clientID, oldSecret)).expect(t, 200, "").body; said["active"] != true {
		t.Errorf("said is %v", said)
	}
}

// TestFailedClientsAreFailedSignIns: guessing at a client's secret is limited by the address, together with guessing at
// passwords, and the right secret is no use past the limit.
func TestFailedClientsAreFailedSignIns(t *testing.T) {
	h := open(t, withClients, map[string]string{"LOGIN_FAILURES_PER_IP": "3/15m"})
	in := h.signIn(t)
	for range 3 {
		h.post(t, introspectPath, form("token", in.AccessToken), basic(clientID, "wrong")).expect(t, 401, "invalid_client")
	}
	for _, client := range []option{basic(clientID, "wrong"), asGateway} {
		for path, asked := range map[string]url.Values{introspectPath: form("token", in.AccessToken), revokePath: form("token", in.AccessToken), tokenPath: refreshing(in.RefreshToken)} {
			if a := h.post(t, path, asked, client).expect(t, 429, "temporarily_unavailable"); a.header.Get("Retry-After") == "" {
				t.Errorf("%s does not say when to come again", path)
			}
		}
	}
	_, err := scenario.HTTP(h.client, issuer).Login(t.Context(), scenario.Credentials{Username: in.User.Username, Password: passphrase})
	if err == nil || err.Error() != "too_many_attempts" {
		t.Errorf("signing in: %v", err)
	}
	h.post(t, tokenPath, refreshing(in.RefreshToken)).expect(t, 200, "") // nothing is guessed at
	h.Clock.Advance(15 * time.Minute)
	h.post(t, introspectPath, form("token", in.AccessToken), asGateway).expect(t, 200, "")
}
