package accesstoken_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

const (
	issuer       = "https://auth.example.org"
	clientID     = "shop"
	clientSecret = "0123456789abcdefghijklmnopqrstu~"
	accessTTL    = 15 * time.Minute
)

// latchkey is a whole Latchkey, another service that checks its tokens, and the link between the two.
type latchkey struct {
	*world.World
	link     *link
	verifier *accesstoken.Verifier
	keys     jwt.KeyFolder
}

func open(t *testing.T, shape ...func(*accesstoken.Config)) latchkey {
	t.Helper()
	w := world.Open(t, map[string]string{"PUBLIC_URL": issuer, "OAUTH_CLIENTS": clientID + ":" + clientSecret})
	l := latchkey{World: w, link: &link{base: w.Client.Transport}, keys: jwt.KeyFolder{Dir: filepath.Join(w.DataDir, "keys"), Now: w.Clock.Now}}
	cfg := accesstoken.Config{Issuer: issuer, Address: w.URL, Client: &http.Client{Transport: l.link}, Now: w.Clock.Now}
	for _, each := range shape {
		each(&cfg)
	}
	var err error
	l.verifier, err = accesstoken.NewVerifier(cfg)
	must(t, err)
	return l
}

// signIn registers somebody, once, and signs them in.
func (l latchkey) signIn(t *testing.T) scenario.SignedIn {
	t.Helper()
	api := scenario.HTTP(l.Client, l.URL)
	person := scenario.Registration{Email: "ada@example.org", Username: "ada", Fullname: "Ada Lovelace", Password: "correct horse battery"}
	_, err := api.Register(t.Context(), person)
	if err != nil && !strings.HasPrefix(err.Error(), "user_exists") {
		t.Fatal(err)
	}
	in, err := api.Login(t.Context(), scenario.Credentials{Email: person.Email, Password: person.Password})
	must(t, err)
	return in
}

// verify checks that a token is taken, or why it is not.
func (l latchkey) verify(t *testing.T, token string, want error) accesstoken.Claims {
	t.Helper()
	claims, err := l.verifier.Verify(t.Context(), token)
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	if err != nil && claims != (accesstoken.Claims{}) {
		t.Errorf("a refused token says %+v", claims)
	}
	return claims
}

// signingKey is the private key that Latchkey signs with.
func (l latchkey) signingKey(t *testing.T) (ed25519.PrivateKey, string) {
	t.Helper()
	all, err := l.keys.List()
	must(t, err)
	data, err := os.ReadFile(filepath.Join(l.keys.Dir, all[0].ID+".pem"))
	must(t, err)
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	must(t, err)
	return key.(ed25519.PrivateKey), all[0].ID
}

// sign signs anything, by any algorithm and with any header.
func sign(t *testing.T, alg jose.SignatureAlgorithm, key any, header map[jose.HeaderKey]any, payload string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, &jose.SignerOptions{ExtraHeaders: header})
	must(t, err)
	signed, err := signer.Sign([]byte(payload))
	must(t, err)
	token, err := signed.CompactSerialize()
	must(t, err)
	return token
}

// link counts what goes over it, and can be cut.
type link struct {
	base http.RoundTripper
	mu   sync.Mutex
	sent map[string]int // by path
	// answer stands for the other end, where it is set.
	answer func(*http.Request) (*http.Response, error)
}

// RoundTrip sends a request, or does not.
func (l *link) RoundTrip(req *http.Request) (*http.Response, error) {
	l.mu.Lock()
	if l.sent == nil {
		l.sent = map[string]int{}
	}
	l.sent[req.URL.Path]++
	answer := l.answer
	l.mu.Unlock()
	if answer != nil {
		return answer(req)
	}
	return l.base.RoundTrip(req)
}

func (l *link) count(path string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sent[path]
}

// becomes replaces the other end; nil is Latchkey itself.
func (l *link) becomes(answer func(*http.Request) (*http.Response, error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer = answer
}

func (l *link) cut() {
	l.becomes(func(*http.Request) (*http.Response, error) { return nil, errors.New("the link is cut") })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
