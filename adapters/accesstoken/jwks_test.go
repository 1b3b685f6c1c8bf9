package accesstoken_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
)

// TestKeysThatSignNothing: a JWK set may hold keys of other purposes and kinds, which are no fault either.
func TestKeysThatSignNothing(t *testing.T) {
	l := open(t)
	private, _ := l.signingKey(t)
	x := base64.RawURLEncoding.EncodeToString(private.Public().(ed25519.PublicKey))
	good := fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q,"kid":"k","use":"sig","alg":"EdDSA"}`, x)
	change := func(from, to string) string { return strings.Replace(good, from, to, 1) }
	for name, c := range map[string]struct {
		keys, kid string
		want      error
	}{
		"a good one":         {good, "k", nil},
		"of no purpose":      {change(`,"use":"sig","alg":"EdDSA"`, ``), "k", nil},
		"beside unknown":     {`{"kty":"PQC","kid":"k"},{"kty":"OKP","crv":"Ed25519","x":"","kid":"k"},7,` + good, "k", nil},
		"to encrypt":         {change(`"sig"`, `"enc"`), "k", accesstoken.ErrInvalid},
		"of other algorithm": {change(`"EdDSA"`, `"ES256"`), "k", accesstoken.ErrInvalid},
		"of no id":           {change(`"kid":"k",`, ``), "", accesstoken.ErrInvalid},
		"none":               {"", "k", accesstoken.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			l.Clock.Advance(5 * time.Minute)
			l.link.becomes(func(req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"keys":[` + c.keys + `]}`)), Request: req}, nil
			})
			now := l.Clock.Now().Unix()
			payload := fmt.Sprintf(`{"iss":%q,"aud":%q,"sub":"u","jti":"j","sid":"s","iat":%d,"exp":%d}`, issuer, issuer, now, now+60)
			l.verify(t, sign(t, jose.EdDSA, private, map[jose.HeaderKey]any{"kid": c.kid, "typ": "at+jwt"}, payload), c.want)
		})
	}
}
