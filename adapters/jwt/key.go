package jwt

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/latchkey-auth/latchkey/domain"
)

// Key is one key and the one algorithm that it serves.
type Key struct {
	ID string // kid
	// Behind a pointer, since printing by reflection passes Format by: it does so for unexported fields.
	*material
}

type material struct {
	method  gojwt.SigningMethod
	private any
	public  any
	headers map[string]string // of tokens, by their type
}

func newKey(id string, method gojwt.SigningMethod, private, public any) Key {
	headers := map[string]string{}
	for _, typ := range []string{typeAccess, typeRefresh} {
		headers[typ] = header(method.Alg(), id, typ)
	}
	return Key{id, &material{method, private, public, headers}}
}

// Format shows the id alone, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "key ", k.ID) }

// Ed25519Key signs by EdDSA (RFC 8037). Its id is its JWK thumbprint (RFC 7638).
func Ed25519Key(private ed25519.PrivateKey) Key {
	public := private.Public().(ed25519.PublicKey)
	thumbprint := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + base64.RawURLEncoding.EncodeToString(public) + `"}`))
	return newKey(base64.RawURLEncoding.EncodeToString(thumbprint[:]), gojwt.SigningMethodEdDSA, private, public)
}

// HMACKey signs by HS256 (RFC 7518, section 3.2). Its id is derived from the secret, and tells nothing of it
// that a signature does not.
func HMACKey(secret domain.Secret) Key {
	key := []byte(secret.Reveal())
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("latchkey key id"))
	return newKey(base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:9]), gojwt.SigningMethodHS256, key, key)
}

// jwk is the public half, as RFC 8037 writes it; false for a symmetric key, which is never published.
func (k Key) jwk() (map[string]string, bool) {
	public, ok := k.public.(ed25519.PublicKey)
	if !ok {
		return nil, false
	}
	return map[string]string{
		"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": k.method.Alg(), "kid": k.ID,
		"x": base64.RawURLEncoding.EncodeToString(public),
	}, true
}

const pemType = "PRIVATE KEY" // PKCS #8, RFC 7468, section 10

func (k Key) marshalPEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), nil
}

func parsePEM(data []byte) (Key, error) {
	block, rest := pem.Decode(data)
	if block == nil || block.Type != pemType || len(rest) > 0 {
		return Key{}, errors.New("is no single PEM block of a private key")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return Key{}, errors.New("is no PKCS #8 private key")
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return Key{}, errors.New("is no Ed25519 key")
	}
	return Ed25519Key(private), nil
}
