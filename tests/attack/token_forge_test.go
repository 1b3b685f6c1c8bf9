package attack_test

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The secrets of a service that are given, so that attacks can assume that one of them has leaked.
const (
	accessSecret  = "an access secret of more than 32 bytes"
	refreshSecret = "a refresh secret of more than 32 bytes"
)

// modes are the two ways to sign access tokens.
var modes = map[string]map[string]string{
	"Ed25519": {"REFRESH_TOKEN_SECRET": refreshSecret},
	"HS256":   {"REFRESH_TOKEN_SECRET": refreshSecret, "ACCESS_TOKEN_SECRET": accessSecret},
}

// object is a JSON object.
type object map[string]any

// with is the object with members changed, given as names and values in turn; a nil value takes the member out.
func (o object) with(pairs ...any) object {
	changed := maps.Clone(o)
	for i := 0; i < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		if changed[name] = pairs[i+1]; pairs[i+1] == nil {
			delete(changed, name)
		}
	}
	return changed
}

func (o object) String() string {
	text, _ := json.Marshal(o) // of what was JSON: cannot fail
	return string(text)
}

// and is the text of the object with one more member at its end, be it there already.
func (o object) and(member string) string {
	return strings.TrimSuffix(o.String(), "}") + "," + member + "}"
}

// parts is what a token says.
func parts(t *testing.T, token string) (header, claims object) {
	t.Helper()
	texts := strings.Split(token, ".")
	for i, into := range []*object{&header, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(texts[i])
		must(t, err)
		decoder := json.NewDecoder(strings.NewReader(string(data)))
		decoder.UseNumber()
		must(t, decoder.Decode(into))
	}
	return header, claims
}

// signer signs a text.
type signer func(text string) []byte

func byHMAC(key []byte) signer {
	return func(text string) []byte {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
}

func byEd25519(key ed25519.PrivateKey) signer {
	return func(text string) []byte { return ed25519.Sign(key, []byte(text)) }
}

// byNobody signs nothing.
func byNobody(string) []byte { return nil }

// forge makes a token of texts, signed by anybody.
func forge(header, claims string, sign signer) string {
	b64 := base64.RawURLEncoding
	text := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims))
	return text + "." + b64.EncodeToString(sign(text))
}

// kind is one kind of token of Alice's, and what is needed to sign one as the service does.
type kind struct {
	name           string
	token          string
	header, claims object
	sign           signer
}

// forge makes a token of this kind with the true key.
func (k kind) forge(header, claims object) string {
	return forge(header.String(), claims.String(), k.sign)
}

// kinds are both kinds of token.
func (s *service) kinds(t *testing.T) []kind {
	t.Helper()
	sign := byHMAC([]byte(accessSecret))
	if key := s.privateKey(t); key != nil {
		sign = byEd25519(key)
	}
	access := kind{name: "access", token: s.alice.AccessToken, sign: sign}
	refresh := kind{name: "refresh", token: s.alice.RefreshToken, sign: byHMAC([]byte(refreshSecret))}
	access.header, access.claims = parts(t, access.token)
	refresh.header, refresh.claims = parts(t, refresh.token)
	return []kind{access, refresh}
}

// privateKey is the key that the service made, nil where it signs by a secret.
func (s *service) privateKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(s.DataDir, "keys", "*.pem"))
	must(t, err)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		must(t, err)
		block, _ := pem.Decode(data)
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		must(t, err)
		return key.(ed25519.PrivateKey)
	}
	return nil
}

// accepts checks that a token is taken: what is forged like it, with the one fault that counts, is refused for that.
func (s *service) accepts(t *testing.T, k kind, token string) {
	t.Helper()
	if k.name == "access" {
		_, err := s.Me(t.Context(), token)
		must(t, err)
		return
	}
	var err error
	s.alice.Tokens, err = s.Refresh(t.Context(), token)
	must(t, err)
}

// inEachMode runs a test for both kinds of token, in both modes.
func inEachMode(t *testing.T, test func(t *testing.T, s *service, k kind)) {
	t.Helper()
	for mode, settings := range modes {
		for i, name := range []string{"access", "refresh"} {
			t.Run(mode+" "+name, func(t *testing.T) {
				s := attacked(t, settings)
				test(t, s, s.kinds(t)[i])
			})
		}
	}
}
