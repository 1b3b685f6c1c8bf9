package doors_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

const metadataOfAPublicHouse = `{
	"issuer": "http://auth.example.org",
	"jwks_uri": "http://auth.example.org/.well-known/jwks.json",
	"token_endpoint": "http://auth.example.org/oauth/token",
	"token_endpoint_auth_methods_supported": ["none"],
	"revocation_endpoint": "http://auth.example.org/oauth/revoke",
	"revocation_endpoint_auth_methods_supported": ["none"],
	"response_types_supported": [],
	"grant_types_supported": ["refresh_token"],
	"service_documentation": "http://auth.example.org/docs"
}`

const metadataWithClients = `{
	"issuer": "http://auth.example.org",
	"jwks_uri": "http://auth.example.org/.well-known/jwks.json",
	"token_endpoint": "http://auth.example.org/oauth/token",
	"token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
	"revocation_endpoint": "http://auth.example.org/oauth/revoke",
	"revocation_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
	"introspection_endpoint": "http://auth.example.org/oauth/introspect",
	"introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
	"response_types_supported": [],
	"grant_types_supported": ["refresh_token"],
	"service_documentation": "http://auth.example.org/docs"
}`

// TestMetadata says what is served, and nothing more: each address in it is served, and introspection is in it only where
// it is.
func TestMetadata(t *testing.T) {
	for name, c := range map[string]struct {
		settings   map[string]string
		want       string
		introspect int // the status, for a good token and nobody who asks
	}{
		"without clients": {nil, metadataOfAPublicHouse, http.StatusNotFound},
		"with clients":    {withClients, metadataWithClients, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, c.settings)
			got := h.send(t, http.MethodGet, metadataPath, "")
			var want map[string]any
			must(t, json.Unmarshal([]byte(c.want), &want))
			if !reflect.DeepEqual(got.body, want) {
				t.Errorf("the metadata is %v", got.body)
			}
			if media := got.header.Get("Content-Type"); got.status != http.StatusOK || !strings.HasPrefix(media, "application/json") {
				t.Errorf("%d %s", got.status, media)
			}
			if a := h.post(t, introspectPath, form("token", h.signIn(t).AccessToken)); a.status != c.introspect {
				t.Errorf("introspection answers %d, want %d", a.status, c.introspect)
			}
			h.serves(t, got.body)
		})
	}
}

// serves checks that every address in the metadata is one of the service's.
func (h house) serves(t *testing.T, metadata map[string]any) {
	t.Helper()
	for name, value := range metadata {
		address, ok := value.(string)
		if !ok || name == "issuer" {
			continue
		}
		u, err := url.Parse(address)
		must(t, err)
		resp, err := h.client.Get(address)
		must(t, err)
		must(t, resp.Body.Close())
		post := strings.HasSuffix(name, "_endpoint")
		if want := map[bool]int{true: http.StatusMethodNotAllowed, false: http.StatusOK}[post]; resp.StatusCode != want || u.Host != "auth.example.org" {
			t.Errorf("%s: %s answers %d", name, address, resp.StatusCode)
		}
	}
}

// TestMetadataOfAnIssuerWithAPath is asked for with that path behind the well-known one (RFC 8414, section 3.1).
func TestMetadataOfAnIssuerWithAPath(t *testing.T) {
	h := open(t, map[string]string{"PUBLIC_URL": "https://example.org/auth"})
	for path, want := range map[string]int{"": 200, "/auth": 200, "/auth/": 404, "/other": 404, "/": 404} {
		resp, err := h.client.Get(issuer + metadataPath + path)
		must(t, err)
		var said struct {
			Issuer string `json:"issuer"`
			Token  string `json:"token_endpoint"`
		}
		must(t, json.NewDecoder(resp.Body).Decode(&said))
		must(t, resp.Body.Close())
		if resp.StatusCode != want {
			t.Errorf("%s answers %d, want %d", metadataPath+path, resp.StatusCode, want)
		}
		if want == 200 && (said.Issuer != "https://example.org/auth" || said.Token != "https://example.org/auth/oauth/token") {
			t.Errorf("%s: %+v", path, said)
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if got := open(t).send(t, method, metadataPath+"/auth", ""); got.status != http.StatusNotFound {
			t.Errorf("an issuer without a path answers %s for one with %d", method, got.status)
		}
	}
}
