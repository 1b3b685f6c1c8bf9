package attack_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestTokensForgedWithoutAKey: somebody who has no key, but knows all that is public and has a token of their own to look
// at. Lost would be every account, by whoever can write a user's id into a token.
func TestTokensForgedWithoutAKey(t *testing.T) {
	inEachMode(t, func(t *testing.T, s *service, k kind) {
		_, stranger, err := ed25519.GenerateKey(rand.Reader)
		must(t, err)
		texts := strings.Split(k.token, ".")
		bob := k.claims.with("sub", "0123456789abcdef01234567")
		unsigned := func(alg string) string { return forge(k.header.with("alg", alg).String(), k.claims.String(), byNobody) }
		for name, token := range map[string]string{
			"alg none":                        unsigned("none"),
			"alg None":                        unsigned("None"),
			"alg nOnE":                        unsigned("nOnE"),
			"alg of nothing":                  unsigned(""),
			"no alg":                          forge(k.header.with("alg", nil).String(), k.claims.String(), byNobody),
			"alg none, with a true signature": forge(k.header.with("alg", "none").String(), k.claims.String(), k.sign),
			"no signature":                    texts[0] + "." + texts[1] + ".",
			"another's id":                    forge(k.header.String(), bob.String(), func(string) []byte { return unb64(texts[2]) }),
			"a stranger's key":                forge(k.header.with("alg", "EdDSA").String(), bob.String(), byEd25519(stranger)),
			"a secret of no bytes":            forge(k.header.with("alg", "HS256").String(), bob.String(), byHMAC(nil)),
			"a secret that people choose":     forge(k.header.with("alg", "HS256").String(), bob.String(), byHMAC([]byte("secret"))),
			"the kid for a secret":            forge(k.header.with("alg", "HS256").String(), bob.String(), byHMAC([]byte(k.header["kid"].(string)))),
			"cut short by a letter":           k.token[:len(k.token)-1],
			"cut in half":                     k.token[:len(k.token)/2],
			"a letter more":                   k.token + "A",
			"padded":                          k.token + "==",
			"padded within":                   texts[0] + "==." + texts[1] + "." + texts[2],
			"two parts":                       texts[0] + "." + texts[1],
			"four parts":                      k.token + "." + texts[2],
			"five parts, as if encrypted":     k.token + "..",
			"a dot more":                      k.token + ".",
			"in two lines":                    texts[0] + "." + texts[1] + ".\r\n" + texts[2],
			"two at once":                     k.token + "," + k.token,
			"the general form of a JWS":       `{"payload":"` + texts[1] + `","signatures":[{"protected":"` + texts[0] + `","signature":"` + texts[2] + `"}]}`,
			"longer than any":                 k.token + strings.Repeat("A", 16<<10),
			"dots alone":                      "..",
		} {
			t.Run(name, func(t *testing.T) { s.invalid(t, token) })
		}
	})
}

// TestTokensThatBringTheirKey: a key in the header of the token, or the address of one, or the name of a file that would
// do for one. Lost would be every account, and what the service can reach on its own network.
func TestTokensThatBringTheirKey(t *testing.T) {
	public, stranger, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	jwk := object{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "stranger", "x": base64.RawURLEncoding.EncodeToString(public)}
	asked := 0
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		_, _ = w.Write([]byte(object{"keys": []object{jwk}}.String()))
	}))
	defer keys.Close()
	certificate := base64.StdEncoding.EncodeToString([]byte("no certificate, but who looks?"))
	inEachMode(t, func(t *testing.T, s *service, k kind) {
		header := k.header.with("alg", "EdDSA")
		for name, brought := range map[string]object{
			"jwk":                    header.with("jwk", jwk),
			"jwk, and its kid":       header.with("jwk", jwk, "kid", "stranger"),
			"jku":                    header.with("jku", keys.URL),
			"jku, and its kid":       header.with("jku", keys.URL, "kid", "stranger"),
			"x5u":                    header.with("x5u", keys.URL),
			"x5c":                    header.with("x5c", []string{certificate}),
			"x5t":                    header.with("x5t", certificate, "x5t#S256", certificate),
			"kid of an address":      header.with("kid", keys.URL),
			"kid that walks folders": header.with("kid", "../../../../../../dev/null"),
			"kid of our own file":    header.with("kid", "../refresh_token_secret"),
			"kid of the active file": header.with("kid", "active"),
			"kid with NUL":           header.with("kid", k.header["kid"].(string)+"\x00"),
			"kid of SQL":             header.with("kid", "x' UNION SELECT 'secret' --"),
			"kid of a shell":         header.with("kid", "|/usr/bin/id"),
			"kid of a pattern":       header.with("kid", "*"),
			"kid of nothing":         header.with("kid", ""),
			"kid that is null":       header.with("kid", json.RawMessage("null")),
			"kid that is a list":     header.with("kid", []any{k.header["kid"]}),
			"kid that is an object":  header.with("kid", object{"$ne": ""}),
			"no kid":                 header.with("kid", nil),
		} {
			t.Run(name, func(t *testing.T) {
				s.invalid(t, forge(brought.String(), k.claims.String(), byEd25519(stranger)))
				s.invalid(t, forge(brought.with("alg", "HS256").String(), k.claims.String(), byHMAC(nil)))
			})
		}
	})
	if asked > 0 {
		t.Errorf("the service asked a stranger for keys %d times", asked)
	}
}

// TestPublicKeyAsSecret confuses the algorithms: what everybody may know is the secret of an HMAC. Lost would be every
// account.
func TestPublicKeyAsSecret(t *testing.T) {
	s := attacked(t, modes["Ed25519"])
	resp, err := s.Client.Get(s.URL + "/.well-known/jwks.json")
	must(t, err)
	published, err := io.ReadAll(resp.Body)
	must(t, err)
	must(t, resp.Body.Close())
	public := s.privateKey(t).Public().(ed25519.PublicKey)
	der, err := x509.MarshalPKIXPublicKey(public)
	must(t, err)
	block := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	for name, secret := range map[string][]byte{
		"its bytes": public, "base64url": []byte(base64.RawURLEncoding.EncodeToString(public)), "DER": der,
		"PEM": block, "PEM without the last line break": block[:len(block)-1], "the JWK set": published,
	} {
		for _, k := range s.kinds(t) {
			for _, alg := range []string{"HS256", "HS384", "EdDSA"} {
				s.invalid(t, forge(k.header.with("alg", alg).String(), k.claims.String(), byHMAC(secret)))
			}
			if t.Failed() {
				t.Fatalf("by %s", name)
			}
		}
	}
}

// TestTokensSwapped: a token of one kind at the doors of the other. Lost would be that an access token, which other
// services see, is as good as the refresh token, which none does; or that a refresh token lasts as an access token.
func TestTokensSwapped(t *testing.T) {
	inEachMode(t, func(t *testing.T, s *service, k kind) {
		other, doors := "rt+jwt", refreshDoors
		if k.name == "refresh" {
			other, doors = "at+jwt", accessDoors
		}
		s.knock(t, doors, k.token)
		s.knock(t, doors, k.forge(k.header.with("typ", other), k.claims))
		s.unharmed(t)
	})
}

// TestKeysOfOneKindForTheOther: one of the two secrets has leaked. Lost would be what the other one protects.
func TestKeysOfOneKindForTheOther(t *testing.T) {
	for mode, settings := range modes {
		t.Run(mode, func(t *testing.T) {
			s := attacked(t, settings)
			kinds := s.kinds(t)
			for i, k := range kinds {
				thief := kinds[1-i]
				for _, kid := range []any{k.header["kid"], thief.header["kid"]} {
					s.invalid(t, forge(k.header.with("alg", thief.header["alg"], "kid", kid).String(), k.claims.String(), thief.sign))
				}
			}
		})
	}
}

func unb64(text string) []byte {
	data, _ := base64.RawURLEncoding.DecodeString(text) // of our own token
	return data
}
