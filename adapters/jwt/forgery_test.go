package jwt_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/domain"
)

// forge signs any header and claims with any key.
func forge(t *testing.T, method gojwt.SigningMethod, key any, header, claims map[string]any) domain.Secret {
	t.Helper()
	token := gojwt.NewWithClaims(method, gojwt.MapClaims(claims))
	maps.Copy(token.Header, header)
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return domain.NewSecret(signed)
}

// strayBits sets the bits of the last character that base64 leaves unused: another text for the same signature.
func strayBits(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(token) - 1
	return token[:last] + string(alphabet[strings.IndexByte(alphabet, token[last])|1])
}

func with(claims map[string]any, name string, value any) map[string]any {
	changed := maps.Clone(claims)
	changed[name] = value
	if value == nil {
		delete(changed, name)
	}
	return changed
}

// written signs a header and claims just as they are written here.
func written(t *testing.T, key ed25519.PrivateKey, header, claims string) domain.Secret {
	t.Helper()
	b64 := base64.RawURLEncoding
	signed := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims))
	return domain.NewSecret(signed + "." + b64.EncodeToString(ed25519.Sign(key, []byte(signed))))
}

// text is the JSON of an object; for a header without alg, with that of the key.
func text(t *testing.T, object map[string]any) string {
	t.Helper()
	if object["kid"] != nil && object["alg"] == nil {
		object = with(object, "alg", "EdDSA")
	}
	encoded, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// twice is the JSON of an object with one more member, at its end.
func twice(t *testing.T, object map[string]any, member string) string {
	t.Helper()
	return strings.TrimSuffix(text(t, object), "}") + "," + member + "}"
}

// TestForgedAccessTokens tries what a thief without our key, and one with a copy of it, could present.
func TestForgedAccessTokens(t *testing.T) {
	public, private, _ := ed25519.GenerateKey(rand.Reader)
	_, stranger, _ := ed25519.GenerateKey(rand.Reader)
	key := jwt.Ed25519Key(private)
	tokens := jwt.New(config(jwt.NewKeyring(key)))
	header := map[string]any{"typ": "at+jwt", "kid": key.ID}
	claims := map[string]any{
		"iss": "https://auth.example.org", "aud": "api", "sub": "u", "sid": "s", "jti": "j",
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	good := forge(t, gojwt.SigningMethodEdDSA, private, header, claims)
	for _, model := range []domain.Secret{good, written(t, private, text(t, header), text(t, claims))} {
		if _, err := tokens.VerifyAccess(model, now); err != nil {
			t.Fatalf("the model of all the forgeries is refused itself: %v", err)
		}
	}
	refresh, _ := tokens.IssueRefresh(session)
	parts := strings.Split(good.Reveal(), ".")
	eddsa := func(header, claims map[string]any) domain.Secret {
		return forge(t, gojwt.SigningMethodEdDSA, private, header, claims)
	}
	for name, token := range map[string]domain.Secret{
		"signed by nobody":             forge(t, gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType, header, claims),
		"signed by a stranger":         forge(t, gojwt.SigningMethodEdDSA, stranger, header, claims),
		"public key as HMAC secret":    forge(t, gojwt.SigningMethodHS256, []byte(public), header, claims),
		"a refresh token":              refresh.Secret,
		"typ of a refresh token":       eddsa(with(header, "typ", "rt+jwt"), claims),
		"typ JWT":                      eddsa(with(header, "typ", "JWT"), claims),
		"no typ":                       eddsa(with(header, "typ", ""), claims),
		"crit":                         eddsa(with(header, "crit", []string{"x"}), claims),
		"crit of what is known":        eddsa(with(header, "crit", []string{"kid"}), claims),
		"b64":                          eddsa(with(header, "b64", false), claims),
		"a token inside":               eddsa(with(header, "cty", "JWT"), claims),
		"packed":                       eddsa(with(header, "zip", "DEF"), claims),
		"an address of keys":           eddsa(with(header, "jku", "https://evil.example/jwks.json"), claims),
		"an address of certificates":   eddsa(with(header, "x5u", "https://evil.example/cert.pem"), claims),
		"certificates":                 eddsa(with(header, "x5c", []string{"MIIB"}), claims),
		"a thumbprint":                 eddsa(with(header, "x5t", "AAAA"), claims),
		"kid of another key":           eddsa(with(header, "kid", "other"), claims),
		"kid that walks folders":       eddsa(with(header, "kid", "../"+key.ID), claims),
		"kid that is no string":        eddsa(with(header, "kid", 1), claims),
		"key in the header":            forge(t, gojwt.SigningMethodEdDSA, stranger, with(header, "jwk", map[string]string{"kty": "OKP", "crv": "Ed25519"}), claims),
		"another issuer":               eddsa(header, with(claims, "iss", "https://evil.example")),
		"another audience":             eddsa(header, with(claims, "aud", "other")),
		"two audiences":                eddsa(header, with(claims, "aud", []string{"api", "other"})),
		"no audience":                  eddsa(header, with(claims, "aud", nil)),
		"no subject":                   eddsa(header, with(claims, "sub", nil)),
		"no session":                   eddsa(header, with(claims, "sid", nil)),
		"no jti":                       eddsa(header, with(claims, "jti", nil)),
		"no exp":                       eddsa(header, with(claims, "exp", nil)),
		"no iat":                       eddsa(header, with(claims, "iat", nil)),
		"exp as text":                  eddsa(header, with(claims, "exp", "9999999999")),
		"exp as a fraction":            eddsa(header, with(claims, "exp", json.Number("9999999999.5"))),
		"exp with an exponent":         eddsa(header, with(claims, "exp", json.Number("9e9"))),
		"exp past int64":               eddsa(header, with(claims, "exp", json.Number("9223372036854775808"))),
		"exp past all numbers":         eddsa(header, with(claims, "exp", json.Number("1e400"))),
		"exp of nothing":               eddsa(header, with(claims, "exp", json.RawMessage("null"))),
		"exp in capitals":              eddsa(header, with(with(claims, "exp", nil), "EXP", now.Add(time.Minute).Unix())),
		"negative iat":                 eddsa(header, with(claims, "iat", -1)),
		"from the future":              eddsa(header, with(claims, "iat", now.Add(31*time.Second).Unix())),
		"from past the end of time":    eddsa(header, with(claims, "iat", json.Number("9223372036854775807"))),
		"three parts and one more":     domain.NewSecret(good.Reveal() + "." + parts[2]),
		"two parts":                    domain.NewSecret(parts[0] + "." + parts[1]),
		"one part":                     domain.NewSecret(parts[0]),
		"one part and a dot":           domain.NewSecret(parts[0] + "."),
		"cut short":                    domain.NewSecret(good.Reveal()[:len(good.Reveal())-2]),
		"padded":                       domain.NewSecret(good.Reveal() + "=="),
		"in two lines":                 domain.NewSecret(parts[0] + "." + parts[1] + ".\r\n" + parts[2]),
		"after a blank":                domain.NewSecret(" " + good.Reveal()),
		"claims that are no object":    written(t, private, text(t, header), `["a"]`),
		"claims of nothing":            written(t, private, text(t, header), `null`),
		"claims and one more object":   written(t, private, text(t, header), text(t, claims)+`{}`),
		"exp twice":                    written(t, private, text(t, header), twice(t, claims, `"exp":9999999999`)),
		"sub twice":                    written(t, private, text(t, header), twice(t, claims, `"sub":"u"`)),
		"sub twice, once escaped":      written(t, private, text(t, header), twice(t, claims, `"s\u0075b":"v"`)),
		"alg twice":                    written(t, private, twice(t, with(header, "alg", "EdDSA"), `"alg":"EdDSA"`), text(t, claims)),
		"alg twice, none at first":     written(t, private, twice(t, with(header, "alg", "none"), `"alg":"EdDSA"`), text(t, claims)),
		"kid twice":                    written(t, private, twice(t, with(header, "alg", "EdDSA"), `"kid":"`+key.ID+`"`), text(t, claims)),
		"typ in capitals":              written(t, private, text(t, with(with(header, "typ", nil), "TYP", "at+jwt")), text(t, claims)),
		"typ in no word":               written(t, private, text(t, with(header, "typ", nil)), text(t, claims)),
		"stray bits in the signature":  domain.NewSecret(strayBits(good.Reveal())),
		"of no text at all":            domain.NewSecret("\x00"),
		"longer than what is parsed":   eddsa(header, with(claims, "x", strings.Repeat("x", 8<<10))),
		"expired and of another owner": eddsa(header, with(with(claims, "exp", now.Unix()), "iss", "x")),
	} {
		if _, err := tokens.VerifyAccess(token, now); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("%s: %v, want token_invalid", name, err)
		}
	}
}

// TestForgedRefreshTokens assumes that the signing secret has leaked: the claims alone must be refused where they are odd.
func TestForgedRefreshTokens(t *testing.T) {
	tokens := newTokens(t)
	key := jwt.HMACKey(secret)
	header := map[string]any{"typ": "rt+jwt", "kid": key.ID}
	claims := map[string]any{
		"iss": "https://auth.example.org", "sub": "u", "sid": "s", "jti": "j", "gen": 1,
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	sign := func(header, claims map[string]any) domain.Secret {
		return forge(t, gojwt.SigningMethodHS256, []byte(secret.Reveal()), header, claims)
	}
	if _, err := tokens.VerifyRefresh(sign(header, claims), now); err != nil {
		t.Fatalf("the model of all the forgeries is refused itself: %v", err)
	}
	access, _ := tokens.IssueAccess(user, session, now)
	for name, token := range map[string]domain.Secret{
		"an access token":           access.Secret,
		"typ of an access token":    sign(with(header, "typ", "at+jwt"), claims),
		"another secret":            forge(t, gojwt.SigningMethodHS256, []byte("guess"), header, claims),
		"HS384 by the same secret":  forge(t, gojwt.SigningMethodHS384, []byte(secret.Reveal()), header, claims),
		"negative generation":       sign(header, with(claims, "gen", -1)),
		"generation 0":              sign(header, with(claims, "gen", 0)),
		"fractional generation":     sign(header, with(claims, "gen", 1.5)),
		"generation as text":        sign(header, with(claims, "gen", "1")),
		"generation past int64":     sign(header, with(claims, "gen", json.Number("9223372036854775808"))),
		"the last of int64":         sign(header, with(claims, "gen", json.Number("9223372036854775807"))),
		"past what JSON is sure of": sign(header, with(claims, "gen", int64(1<<53))),
		"generation in capitals":    sign(header, with(with(claims, "gen", nil), "GEN", 1)),
		"generation and exponent":   sign(header, with(claims, "gen", json.Number("1e0"))),
		"no generation":             sign(header, with(claims, "gen", nil)),
		"no session":                sign(header, with(claims, "sid", nil)),
	} {
		if _, err := tokens.VerifyRefresh(token, now); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("%s: %v, want token_invalid", name, err)
		}
	}
}

func TestPublishedKeysVerifyOurTokensAndHideTheRest(t *testing.T) {
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	answer := httptest.NewRecorder()
	jwt.NewKeyring(jwt.Ed25519Key(private)).ServeHTTP(answer, nil)
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(answer.Body.Bytes(), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%v, %v", set, err)
	}
	key := set.Keys[0]
	if key["kty"] != "OKP" || key["crv"] != "Ed25519" || key["alg"] != "EdDSA" || key["use"] != "sig" || key["kid"] != jwt.Ed25519Key(private).ID {
		t.Errorf("the key is %v", key)
	}
	if len(key) != 6 || key["d"] != "" {
		t.Errorf("more than the public half is shown: %d members", len(key))
	}

	answer = httptest.NewRecorder()
	jwt.HMACKeyring(secret).ServeHTTP(answer, nil)
	if got := strings.TrimSpace(answer.Body.String()); got != `{"keys":[]}` {
		t.Errorf("a symmetric key is published: %s", got)
	}
}

func TestKeysHideThemselves(t *testing.T) {
	shown := fmt.Sprintf("%v %+v %#v %s", jwt.HMACKey(secret), jwt.HMACKey(secret), jwt.HMACKey(secret), jwt.HMACKey(secret))
	if strings.Contains(shown, "secret of at least") || strings.Contains(shown, fmt.Sprint([]byte("a sec"))[1:10]) {
		t.Errorf("a key shows itself: %s", shown)
	}
}
