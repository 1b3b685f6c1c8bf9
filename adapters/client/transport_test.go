package client_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/client"
)

const shop = "https://shop.example.org"

// inShop is a Latchkey, and a shop that answers so.
func inShop(t *testing.T, answer func(*http.Request) *http.Response) (latchkey, *http.Client) {
	t.Helper()
	l := open(t, func(cfg *client.Config) { cfg.Origins = []string{shop} })
	l.link.becomes(func(req *http.Request) *http.Response {
		if strings.HasSuffix(req.URL.Hostname(), "example.org") || strings.HasSuffix(req.URL.Hostname(), "example.com") {
			return answer(req)
		}
		return nil
	})
	return l, &http.Client{Transport: l.Transport()}
}

// TestTheTokenGoesNowhereElse, neither by an address nor by a redirection.
func TestTheTokenGoesNowhereElse(t *testing.T) {
	l, web := inShop(t, func(req *http.Request) *http.Response {
		if req.URL.Path == "/away" {
			return reply(302, "", "Location", "https://evil.example.com/")
		}
		return reply(200, "")
	})
	for address, told := range map[string]bool{
		shop + "/orders":                             true,
		"https://SHOP.example.org:443/":              true,
		l.URL + "/api/v1/users/me":                   true,
		"http://shop.example.org/":                   false,
		"https://shop.example.org:8443/":             false,
		"https://evil.shop.example.org/":             false,
		"https://shop.example.org.evil.example.com/": false,
	} {
		l.link.bearer = nil
		resp, err := web.Get(address)
		must(t, err)
		must(t, resp.Body.Close())
		if (len(l.link.bearer) == 1) != told {
			t.Errorf("%s got the token: %t", address, !told)
		}
	}
	l.link.bearer = nil
	resp, err := web.Get(shop + "/away")
	must(t, err)
	must(t, resp.Body.Close())
	if !slices.Equal(l.link.bearer, []string{"shop.example.org"}) {
		t.Errorf("the token went to %v", l.link.bearer)
	}
}

// TestABodyIsSentAgainWhole, as it was the first time.
func TestABodyIsSentAgainWhole(t *testing.T) {
	var got []string
	l, web := inShop(t, func(req *http.Request) *http.Response {
		body, _ := io.ReadAll(req.Body)
		got = append(got, string(body))
		if len(got) == 1 {
			return reply(401, "", "WWW-Authenticate", `Bearer realm="shop", error="invalid_token"`)
		}
		return reply(200, "thanks")
	})
	resp, err := web.Post(shop+"/orders", "text/plain", strings.NewReader("a lamp"))
	must(t, err)
	must(t, resp.Body.Close())
	if resp.StatusCode != 200 || !slices.Equal(got, []string{"a lamp", "a lamp"}) || l.link.count(refreshRoute) != 1 {
		t.Errorf("got %d for %q", resp.StatusCode, got)
	}
}

// TestABodyThatCannotBeSentAgain is not sent again. So an expired token is renewed before, and only then.
func TestABodyThatCannotBeSentAgain(t *testing.T) {
	sent := 0
	status := 401
	l, web := inShop(t, func(req *http.Request) *http.Response {
		sent++
		_, _ = io.Copy(io.Discard, req.Body)
		return reply(status, "no", "WWW-Authenticate", `Bearer error="invalid_token"`)
	})
	order := func() {
		t.Helper()
		resp, err := web.Post(shop+"/orders", "text/plain", io.MultiReader(strings.NewReader("a lamp")))
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != status {
			t.Errorf("got %d", resp.StatusCode)
		}
	}
	order()
	if sent != 1 || l.link.count(refreshRoute) != 0 {
		t.Errorf("sent %d times", sent)
	}
	l.expire(t)
	status = 200
	order()
	if sent != 2 || l.link.count(refreshRoute) != 1 {
		t.Errorf("sent %d times, with %d refreshes", sent-1, l.link.count(refreshRoute))
	}
}

// TestARefusalCanBeReadWhole, though the transport has looked into it.
func TestARefusalCanBeReadWhole(t *testing.T) {
	for _, body := range []string{"", "no", `{"code":"forbidden"}`, strings.Repeat("no ", 50<<10)} {
		_, web := inShop(t, func(*http.Request) *http.Response { return reply(401, body, "WWW-Authenticate", "Bearer") })
		resp, err := web.Get(shop)
		must(t, err)
		read, err := io.ReadAll(resp.Body)
		must(t, err)
		must(t, resp.Body.Close())
		if string(read) != body {
			t.Errorf("read %d bytes of %d", len(read), len(body))
		}
	}
}

// TestAnAuthorizationOfTheProgramsOwn is let be.
func TestAnAuthorizationOfTheProgramsOwn(t *testing.T) {
	_, web := inShop(t, func(req *http.Request) *http.Response { return reply(200, req.Header.Get("Authorization")) })
	req, err := http.NewRequestWithContext(t.Context(), "GET", shop, nil)
	must(t, err)
	req.SetBasicAuth("a", "b")
	own := req.Header.Get("Authorization")
	resp, err := web.Do(req)
	must(t, err)
	defer resp.Body.Close()
	if sent, _ := io.ReadAll(resp.Body); string(sent) != own {
		t.Errorf("sent was %.12q…", sent)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	l := open(t)
	tokens := l.tokens(t)
	var log strings.Builder
	for _, value := range []any{tokens, &tokens, l.Client, l.kept, ada, client.Registration{Password: passphrase}, struct{ V any }{tokens}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&log, verb, value)
		}
		slog.New(slog.NewTextHandler(&log, nil)).Info("value", "value", value)
		if _, ok := value.(struct{ V any }); !ok {
			slog.New(slog.NewJSONHandler(&log, nil)).Info("value", "value", value)
		}
	}
	for _, secret := range []string{tokens.AccessToken, tokens.RefreshToken, passphrase} {
		if strings.Contains(log.String(), secret) || strings.Contains(log.String(), fmt.Sprintf("%x", secret)) {
			t.Error("a secret is printed")
		}
	}
}
