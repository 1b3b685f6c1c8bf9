// Package doors_test goes through the standard doors, as programs do that nobody here wrote: golang.org/x/oauth2 and
// go-jose.
package doors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

const (
	issuer         = "http://auth.example.org"
	metadataPath   = "/.well-known/oauth-authorization-server"
	tokenPath      = "/oauth/token"
	introspectPath = "/oauth/introspect"
	revokePath     = "/oauth/revoke"

	clientID     = "gateway"
	clientSecret = "0123456789abcdefghijklmnopqrstuv"
	oldSecret    = "the-secret-that-was.before_it~32"
	passphrase   = "correct horse battery"
)

// withClients are the settings under which a gateway may introspect.
var withClients = map[string]string{"OAUTH_CLIENTS": clientID + ":" + clientSecret + ", " + clientID + ":" + oldSecret + ",shop:" + strings.Repeat("x", 32)}

// house is a whole Latchkey that is reached at its issuer's address.
type house struct {
	*world.World
	client *http.Client
}

func open(t *testing.T, settings ...map[string]string) house {
	t.Helper()
	w := world.Open(t, append([]map[string]string{{"PUBLIC_URL": issuer}}, settings...)...)
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, strings.TrimPrefix(w.URL, "http://"))
	}
	t.Cleanup(func() {
		for _, secret := range []string{clientSecret, oldSecret, passphrase, "eyJ"} { // which is how every token begins
			if bytes.Contains(w.Log.Bytes(), []byte(secret)) {
				t.Errorf("the log holds %.5q…", secret)
			}
		}
	})
	transport := &http.Transport{DialContext: dial}
	t.Cleanup(transport.CloseIdleConnections)
	return house{w, &http.Client{Transport: transport}}
}

var people atomic.Int64

// signIn registers somebody and signs them in.
func (h house) signIn(t *testing.T) scenario.SignedIn {
	t.Helper()
	api := scenario.HTTP(h.client, issuer)
	name := "person" + strconv.FormatInt(people.Add(1), 10)
	_, err := api.Register(t.Context(), scenario.Registration{Email: name + "@example.org", Username: name, Fullname: "Person", Password: passphrase})
	must(t, err)
	return h.again(t, name)
}

// again signs somebody in who has registered.
func (h house) again(t *testing.T, username string) scenario.SignedIn {
	t.Helper()
	in, err := scenario.HTTP(h.client, issuer).Login(t.Context(), scenario.Credentials{Username: username, Password: passphrase})
	must(t, err)
	return in
}

// refused is why the API does not answer an access token with its user, "" where it does.
func (h house) refused(t *testing.T, accessToken string) string {
	t.Helper()
	_, err := scenario.HTTP(h.client, issuer).Me(t.Context(), accessToken)
	if err == nil {
		return ""
	}
	return err.Error()
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

// option shapes a request.
type option func(*http.Request)

func header(name, value string) option {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

func basic(id, secret string) option {
	return func(r *http.Request) { r.SetBasicAuth(id, secret) }
}

func asGateway(r *http.Request) { r.SetBasicAuth(clientID, clientSecret) }

// post sends a form of these names and values.
func (h house) post(t *testing.T, path string, form url.Values, with ...option) answer {
	t.Helper()
	with = append([]option{header("Content-Type", "application/x-www-form-urlencoded")}, with...)
	return h.send(t, http.MethodPost, path, form.Encode(), with...)
}

// send sends anything.
func (h house) send(t *testing.T, method, path, body string, with ...option) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, issuer+path, strings.NewReader(body))
	must(t, err)
	for _, shape := range with {
		shape(req)
	}
	resp, err := h.client.Do(req)
	must(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(t, err)
	a := answer{status: resp.StatusCode, header: resp.Header}
	if err := json.Unmarshal(raw, &a.body); err != nil {
		t.Fatalf("%s %s: %d %q", method, path, resp.StatusCode, raw)
	}
	return a
}

// expect checks the status and the error, "" for a success, and what every answer of a door holds.
func (a answer) expect(t *testing.T, status int, code string) answer {
	t.Helper()
	got, _ := a.body["error"].(string)
	if a.status != status || got != code {
		t.Fatalf("got %d %v, want %d %s", a.status, a.body, status, code)
	}
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Pragma") != "no-cache" {
		t.Errorf("caches may keep it: %v", a.header)
	}
	if cookies := a.header.Values("Set-Cookie"); cookies != nil {
		t.Errorf("cookies are set: %d of them", len(cookies))
	}
	if challenge := a.header.Get("WWW-Authenticate"); (challenge == `Basic realm="latchkey"`) != (status == http.StatusUnauthorized) {
		t.Errorf("%d with the challenge %q", status, challenge)
	}
	return a
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
