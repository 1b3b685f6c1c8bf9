package doors_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// config is what somebody sets up who has read nothing but the metadata.
func (h house) config(t *testing.T, id, secret string, style oauth2.AuthStyle) oauth2.Config {
	t.Helper()
	endpoint, _ := h.send(t, http.MethodGet, metadataPath, "").body["token_endpoint"].(string)
	return oauth2.Config{ClientID: id, ClientSecret: secret, Endpoint: oauth2.Endpoint{TokenURL: endpoint, AuthStyle: style}}
}

// expired is what a program kept of a sign-in, so long ago that it has to refresh.
func expired(in scenario.Tokens) *oauth2.Token {
	return &oauth2.Token{AccessToken: in.AccessToken, RefreshToken: in.RefreshToken, Expiry: time.Unix(1, 0)}
}

func (h house) context(t *testing.T) context.Context {
	return context.WithValue(t.Context(), oauth2.HTTPClient, h.client)
}

// TestOAuth2Refreshes: every way in which the library may introduce itself does.
func TestOAuth2Refreshes(t *testing.T) {
	h := open(t, withClients)
	for name, cfg := range map[string]oauth2.Config{
		"anonymous":                  h.config(t, "", "", oauth2.AuthStyleAutoDetect),
		"public, by the header":      h.config(t, "my-app", "", oauth2.AuthStyleInHeader),
		"public, by the form":        h.config(t, "my-app", "", oauth2.AuthStyleInParams),
		"public, by either":          h.config(t, "my-app", "", oauth2.AuthStyleAutoDetect),
		"confidential, by header":    h.config(t, clientID, clientSecret, oauth2.AuthStyleInHeader),
		"confidential, by the form":  h.config(t, clientID, clientSecret, oauth2.AuthStyleInParams),
		"confidential, by the other": h.config(t, clientID, oldSecret, oauth2.AuthStyleAutoDetect),
	} {
		t.Run(name, func(t *testing.T) {
			in := h.signIn(t)
			token, err := cfg.TokenSource(h.context(t), expired(in.Tokens)).Token()
			must(t, err)
			if token.AccessToken == in.AccessToken || token.RefreshToken == in.RefreshToken || token.Type() != "Bearer" {
				t.Errorf("the token, of type %s, is the old one", token.Type())
			}
			if token.ExpiresIn != 900 && token.ExpiresIn != 899 { // whole seconds that are left of begun ones
				t.Errorf("it is good for %d s, want 900", token.ExpiresIn)
			}
			if why := h.refused(t, token.AccessToken); why != "" {
				t.Errorf("it is refused: %s", why)
			}
		})
	}
}

// TestOAuth2ClientCallsTheAPI: the library's own http.Client refreshes by itself, time after time.
func TestOAuth2ClientCallsTheAPI(t *testing.T) {
	h := open(t)
	cfg := h.config(t, "my-app", "", oauth2.AuthStyleAutoDetect)
	token := expired(h.signIn(t).Tokens)
	for range 5 {
		source := cfg.TokenSource(h.context(t), token)
		client := oauth2.NewClient(h.context(t), source)
		resp, err := client.Get(issuer + "/api/v1/users/me")
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("status %d", resp.StatusCode)
		}
		token, err = source.Token()
		must(t, err)
		token.Expiry = time.Unix(1, 0)
		h.Clock.Advance(time.Hour)
	}
}

// TestOAuth2RefreshesAtOnce: programs that share a token and refresh together all get in, by one and the same.
func TestOAuth2RefreshesAtOnce(t *testing.T) {
	h := open(t)
	cfg := h.config(t, "my-app", "", oauth2.AuthStyleInParams)
	in := h.signIn(t)
	var all [8]*oauth2.Token
	var errs [len(all)]error
	var running sync.WaitGroup
	for i := range all {
		running.Go(func() { all[i], errs[i] = cfg.TokenSource(h.context(t), expired(in.Tokens)).Token() })
	}
	running.Wait()
	must(t, errors.Join(errs[:]...))
	for _, token := range all {
		if token.RefreshToken != all[0].RefreshToken {
			t.Error("two refresh tokens are about")
		}
	}
}

// TestOAuth2IsToldWhyNot: the library understands the errors.
func TestOAuth2IsToldWhyNot(t *testing.T) {
	h := open(t, withClients)
	for name, c := range map[string]struct {
		cfg    oauth2.Config
		token  func(scenario.SignedIn) scenario.Tokens
		status int
		code   string
	}{
		"an access token":      {h.config(t, "", "", 1), func(in scenario.SignedIn) scenario.Tokens { return scenario.Tokens{RefreshToken: in.AccessToken} }, 400, "invalid_grant"},
		"a wrong secret":       {h.config(t, clientID, "wrong", 1), func(in scenario.SignedIn) scenario.Tokens { return in.Tokens }, 401, "invalid_client"},
		"a wrong header":       {h.config(t, clientID, "wrong", 2), func(in scenario.SignedIn) scenario.Tokens { return in.Tokens }, 401, "invalid_client"},
		"no secret":            {h.config(t, clientID, "", 0), func(in scenario.SignedIn) scenario.Tokens { return in.Tokens }, 401, "invalid_client"},
		"another's credential": {h.config(t, "shop", clientSecret, 1), func(in scenario.SignedIn) scenario.Tokens { return in.Tokens }, 401, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			in := h.signIn(t)
			_, err := c.cfg.TokenSource(h.context(t), expired(c.token(in))).Token()
			refusal, ok := errors.AsType[*oauth2.RetrieveError](err)
			if !ok || refusal.Response.StatusCode != c.status || refusal.ErrorCode != c.code || refusal.ErrorDescription == "" {
				t.Errorf("the library says %v, want %d %s", err, c.status, c.code)
			}
			if why := h.refused(t, in.AccessToken); why != "" {
				t.Errorf("the session is gone: %s", why)
			}
		})
	}
}
