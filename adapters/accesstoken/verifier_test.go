package accesstoken_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
)

func TestAGoodTokenSaysWhoCalls(t *testing.T) {
	l := open(t)
	in := l.signIn(t)
	got := l.verify(t, in.AccessToken, nil)
	want := accesstoken.Claims{
		Subject: in.User.ID, Email: "ada@example.org", Username: "ada", Fullname: "Ada Lovelace",
		SessionID: got.SessionID, TokenID: got.TokenID,
		IssuedAt: l.Clock.Now().UTC().Truncate(time.Second), ExpiresAt: in.AccessTokenExpiresAt.UTC(),
	}
	if got != want || got.SessionID == "" || got.TokenID == "" {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestATokenExpiresAtItsInstant(t *testing.T) {
	l := open(t)
	in := l.signIn(t)
	left := in.AccessTokenExpiresAt.Sub(l.Clock.Now())
	l.Clock.Advance(left - time.Nanosecond)
	l.verify(t, in.AccessToken, nil)
	l.Clock.Advance(time.Nanosecond)
	l.verify(t, in.AccessToken, accesstoken.ErrExpired)
}

// TestTokensThatAreNone: each is signed, most with Latchkey's own key, and differs from a good one in one thing.
func TestTokensThatAreNone(t *testing.T) {
	l := open(t)
	in := l.signIn(t)
	key, kid := l.signingKey(t)
	now := l.Clock.Now().Unix()
	header := func(changes ...any) map[jose.HeaderKey]any {
		h := map[jose.HeaderKey]any{"kid": kid, "typ": "at+jwt"}
		for i := 0; i < len(changes); i += 2 {
			h[jose.HeaderKey(changes[i].(string))] = changes[i+1]
		}
		return h
	}
	good := map[string]string{
		"iss": `"` + issuer + `"`, "aud": `"` + issuer + `"`, "sub": `"u"`, "jti": `"j"`, "sid": `"s"`,
		"iat": fmt.Sprint(now), "exp": fmt.Sprint(now + 60),
	}
	claims := func(name, value string) string {
		c := maps.Clone(good)
		c[name] = value
		var members []string
		for name, value := range c {
			if value != "" {
				members = append(members, fmt.Sprintf("%q:%s", name, value))
			}
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	signed := func(name, value string) string { return sign(t, jose.EdDSA, key, header(), claims(name, value)) }

	for name, token := range map[string]string{
		"as it is":                        signed("sub", `"u"`),
		"for several":                     signed("aud", `["https://other.example.org","`+issuer+`"]`),
		"typ in full":                     sign(t, jose.EdDSA, key, header("typ", "application/AT+JWT"), claims("sub", `"u"`)),
		"issued at the end of the leeway": signed("iat", fmt.Sprint(now+30)),
	} {
		t.Run(name, func(t *testing.T) { l.verify(t, token, nil) })
	}

	body := claims("sub", `"u"`)
	_, other, err := ed25519.GenerateKey(nil)
	must(t, err)
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt","kid":"`+kid+`"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(body)) + "."
	for name, token := range map[string]string{
		"nothing":               "",
		"rubbish":               "a.b.c",
		"a refresh token":       in.RefreshToken,
		"no typ":                sign(t, jose.EdDSA, key, map[jose.HeaderKey]any{"kid": kid}, body),
		"typ of another kind":   sign(t, jose.EdDSA, key, header("typ", "JWT"), body),
		"typ of no text":        sign(t, jose.EdDSA, key, header("typ", 1), body),
		"unsigned":              unsigned,
		"public key as secret":  sign(t, jose.HS256, []byte(key.Public().(ed25519.PublicKey)), header(), body),
		"another key":           sign(t, jose.EdDSA, other, header(), body),
		"a key of its own":      sign(t, jose.EdDSA, other, header("jwk", jose.JSONWebKey{Key: other.Public()}), body),
		"no kid":                sign(t, jose.EdDSA, key, map[jose.HeaderKey]any{"typ": "at+jwt"}, body),
		"an unknown kid":        sign(t, jose.EdDSA, key, header("kid", "unknown"), body),
		"critical":              sign(t, jose.EdDSA, key, header("crit", []string{"exp"}), body),
		"other issuer":          signed("iss", `"https://auth.example.com"`),
		"issuer with a slash":   signed("iss", `"`+issuer+`/"`),
		"no issuer":             signed("iss", ""),
		"other audience":        signed("aud", `"https://other.example.org"`),
		"other audiences":       signed("aud", `["https://other.example.org"]`),
		"audience of no text":   signed("aud", `[1]`),
		"no audience":           signed("aud", ""),
		"no subject":            signed("sub", ""),
		"no id":                 signed("jti", ""),
		"no session":            signed("sid", ""),
		"never issued":          signed("iat", ""),
		"issued in the future":  signed("iat", fmt.Sprint(now+31)),
		"issued beyond time":    signed("iat", "9223372036854775807"),
		"never expires":         signed("exp", ""),
		"expires as text":       signed("exp", `"`+fmt.Sprint(now+60)+`"`),
		"expired and not ours":  sign(t, jose.EdDSA, other, header(), claims("exp", "1")),
		"a claim twice":         sign(t, jose.EdDSA, key, header(), strings.Replace(body, "{", `{"sub":"v",`, 1)),
		"no object":             sign(t, jose.EdDSA, key, header(), `[]`),
		"longer than is parsed": signed("fullname", `"`+strings.Repeat("x", 8<<10)+`"`),
		"a line break within":   in.AccessToken[:20] + "\n" + in.AccessToken[20:],
		"a blank behind":        in.AccessToken + " ",
		"another signature":     in.AccessToken[:len(in.AccessToken)-20] + strings.Repeat("A", 20),
	} {
		t.Run(name, func(t *testing.T) { l.verify(t, token, accesstoken.ErrInvalid) })
	}
}

func TestVerifiersThatCannotBe(t *testing.T) {
	for name, cfg := range map[string]accesstoken.Config{
		"no issuer":             {},
		"an issuer of no host":  {Issuer: "auth.example.org"},
		"an address of a file":  {Issuer: issuer, Address: "file:///etc/jwks.json"},
		"a client of no secret": {Issuer: issuer, Introspection: &accesstoken.Introspection{ClientID: "shop"}},
	} {
		if _, err := accesstoken.NewVerifier(cfg); err == nil {
			t.Errorf("%s: there is a verifier", name)
		}
	}
}
