package doors_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// keySet is what stands at the metadata's jwks_uri.
func (h house) keySet(t *testing.T) (set jose.JSONWebKeySet) {
	t.Helper()
	address, _ := h.send(t, http.MethodGet, metadataPath, "").body["jwks_uri"].(string)
	resp, err := h.client.Get(address)
	must(t, err)
	defer resp.Body.Close()
	must(t, json.NewDecoder(resp.Body).Decode(&set))
	return set
}

// TestJOSEVerifiesAccessTokens: a library that is not ours, which knows the issuer and nothing else of this service, finds
// the keys by the metadata, and the tokens good.
func TestJOSEVerifiesAccessTokens(t *testing.T) {
	h := open(t)
	in := h.signIn(t)
	refreshed := h.post(t, tokenPath, refreshing(in.RefreshToken)).expect(t, 200, "")
	access, _ := refreshed.body["access_token"].(string)
	for name, raw := range map[string]string{"by signing in": in.AccessToken, "by the token endpoint": access} {
		token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.EdDSA})
		must(t, err)
		var claims jwt.Claims
		must(t, token.Claims(h.keySet(t), &claims))
		expected := jwt.Expected{Issuer: issuer, Subject: in.User.ID, AnyAudience: jwt.Audience{issuer}, Time: h.Clock.Now()}
		if err := claims.ValidateWithLeeway(expected, 0); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if typ := token.Headers[0].ExtraHeaders["typ"]; typ != "at+jwt" {
			t.Errorf("%s: it is of the type %v", name, typ)
		}
	}
}

// TestJOSERefusesWhatIsNoneOfOurs: the keys at the jwks_uri of one house make nothing good of another's, or of a refresh
// token.
func TestJOSERefusesWhatIsNoneOfOurs(t *testing.T) {
	h, other := open(t), open(t)
	raw := other.signIn(t).AccessToken
	token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.EdDSA})
	must(t, err)
	if err := token.Claims(h.keySet(t), &jwt.Claims{}); err == nil {
		t.Error("another's token is good here")
	}
	if err := token.Claims(other.keySet(t), &jwt.Claims{}); err != nil {
		t.Errorf("it is not good at home: %v", err)
	}
	if _, err := jwt.ParseSigned(h.signIn(t).RefreshToken, []jose.SignatureAlgorithm{jose.EdDSA}); err == nil {
		t.Error("a refresh token passes for an access token")
	}
	if set := h.keySet(t); slices.ContainsFunc(set.Keys, func(k jose.JSONWebKey) bool { return !k.IsPublic() || !k.Valid() }) || len(set.Keys) == 0 {
		t.Errorf("%d keys, of which one is bad", len(set.Keys))
	}
}
