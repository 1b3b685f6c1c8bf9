package jwt_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/domain"
)

// fixedKey is the same in every run, so that the corpora stay good tokens.
var fixedKey = ed25519.NewKeyFromSeed([]byte("a seed of 32 bytes for the tests"))

// signer is one kind of token: how a good one is signed, how one is verified, and what its header has to say.
type signer struct {
	method gojwt.SigningMethod
	key    any
	typ    string
	kid    string
	good   domain.Token
	verify func(token domain.Secret) (claims any, err error)
}

func accessSigner(tb testing.TB) signer {
	tb.Helper()
	key := jwt.Ed25519Key(fixedKey)
	tokens := jwt.New(config(jwt.NewKeyring(key)))
	good, err := tokens.IssueAccess(user, session, now)
	if err != nil {
		tb.Fatal(err)
	}
	return signer{gojwt.SigningMethodEdDSA, fixedKey, "at+jwt", key.ID, good, func(token domain.Secret) (any, error) {
		return tokens.VerifyAccess(token, now)
	}}
}

func refreshSigner(tb testing.TB) signer {
	tb.Helper()
	key := jwt.HMACKey(secret)
	tokens := jwt.New(config(jwt.NewKeyring(jwt.Ed25519Key(fixedKey))))
	good, err := tokens.IssueRefresh(session)
	if err != nil {
		tb.Fatal(err)
	}
	return signer{gojwt.SigningMethodHS256, []byte(secret.Reveal()), "rt+jwt", key.ID, good, func(token domain.Secret) (any, error) {
		return tokens.VerifyRefresh(token, now)
	}}
}

// refusal checks that an error is one of the two that a bad token has, both of which are answered with 401.
func refusal(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, domain.ErrTokenInvalid) && !errors.Is(err, domain.ErrTokenExpired) {
		t.Errorf("got %v, want that the token is invalid or expired", err)
	}
}

// FuzzAccessToken and FuzzRefreshToken: nothing is accepted that the key did not sign, byte for byte.
func FuzzAccessToken(f *testing.F)  { fuzzToken(f, accessSigner(f)) }
func FuzzRefreshToken(f *testing.F) { fuzzToken(f, refreshSigner(f)) }

func fuzzToken(f *testing.F, s signer) {
	header, _, _ := strings.Cut(s.good.Reveal(), ".")
	for _, seed := range []string{s.good.Reveal(), header, header + ".", header + ".."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := s.verify(domain.NewSecret(token)); err != nil {
			refusal(t, err)
			return
		}
		signed, signature, _ := cutLast(token)
		bare, err := s.method.Sign(signed, s.key) // the same for the same text, with both methods
		if err != nil || base64.RawURLEncoding.EncodeToString(bare) != signature {
			t.Errorf("%q was accepted", token)
		}
	})
}

func cutLast(token string) (before, after string, ok bool) {
	i := strings.LastIndexByte(token, '.')
	if i < 0 {
		return "", "", false
	}
	return token[:i], token[i+1:], true
}

// TestTokensThatDifferInABit: no bit of a token is without meaning.
func TestTokensThatDifferInABit(t *testing.T) {
	for name, s := range map[string]signer{"access": accessSigner(t), "refresh": refreshSigner(t)} {
		good := s.good.Reveal()
		for at := range 8 * len(good) {
			changed := []byte(good)
			changed[at/8] ^= 1 << (at % 8)
			if _, err := s.verify(domain.NewSecret(string(changed))); !errors.Is(err, domain.ErrTokenInvalid) {
				t.Errorf("%s token, bit %d of byte %d: %v, want token_invalid", name, at%8, at/8, err)
			}
		}
	}
}

// FuzzAccessClaims and FuzzRefreshClaims assume that the key has leaked. Even so a token is accepted only with a header
// and claims that another, slower reading finds right too: each once, each of its type, whole numbers, not expired. And
// what is accepted says to both the same.
func FuzzAccessClaims(f *testing.F) {
	fuzzClaims(f, accessSigner(f), func(claims object, got any) bool {
		said := domain.AccessClaims{UserID: domain.UserID(claims.text("sub")), SessionID: domain.SessionID(claims.text("sid")), ExpiresAt: claims.instant("exp")}
		return got == said && claims.text("aud") == "api"
	})
}

func FuzzRefreshClaims(f *testing.F) {
	fuzzClaims(f, refreshSigner(f), func(claims object, got any) bool {
		generation := claims.whole("gen")
		said := domain.RefreshClaims{
			UserID: domain.UserID(claims.text("sub")), SessionID: domain.SessionID(claims.text("sid")), TokenID: claims.text("jti"),
			ExpiresAt: claims.instant("exp"),
		}
		if generation != nil && generation.IsInt64() {
			said.Generation = generation.Int64()
		}
		return got == said && said.Generation > 0
	})
}

func fuzzClaims(f *testing.F, s signer, own func(claims object, got any) bool) {
	parts := strings.Split(s.good.Reveal(), ".")
	header, _ := base64.RawURLEncoding.DecodeString(parts[0])
	claims, _ := base64.RawURLEncoding.DecodeString(parts[1])
	f.Add(header, claims)
	f.Fuzz(func(t *testing.T, header, claims []byte) {
		b64 := base64.RawURLEncoding
		text := b64.EncodeToString(header) + "." + b64.EncodeToString(claims)
		signature, err := s.method.Sign(text, s.key)
		if err != nil {
			t.Fatal(err)
		}
		text += "." + b64.EncodeToString(signature)
		got, err := s.verify(domain.NewSecret(text))
		if again, err2 := s.verify(domain.NewSecret(text)); again != got || !errors.Is(err2, err) {
			t.Errorf("%q with %q says %+v, %v, and then %+v, %v", header, claims, got, err, again, err2)
		}
		if err != nil {
			refusal(t, err)
			return
		}
		h, c := read(header), read(claims)
		right := len(text) <= 8<<10 && h.text("typ") == s.typ && h.text("kid") == s.kid && h.text("alg") == s.method.Alg() &&
			h["crit"] == nil && c.text("iss") == "https://auth.example.org" && c.text("sub") != "" && c.text("sid") != "" &&
			c.text("jti") != "" && current(c) && own(c, got)
		if !right {
			t.Errorf("%q with %q was accepted as %+v", header, claims, got)
		}
	})
}

// current reports whether exp is ahead, and iat is behind, but for the leeway.
func current(c object) bool {
	iat, exp := c.whole("iat"), c.whole("exp")
	return iat != nil && exp != nil && iat.Sign() > 0 &&
		iat.Cmp(big.NewInt(now.Add(30*time.Second).Unix())) <= 0 && exp.Cmp(big.NewInt(now.Unix())) > 0
}

// object is the members of a JSON object, each as it is written. It is nil where the text is
// no single object, or has a member twice.
type object map[string]json.RawMessage

func read(text []byte) object {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') || !json.Valid(text) {
		return nil
	}
	o := object{}
	for decoder.More() {
		name, _ := decoder.Token() // valid, as was seen
		var value json.RawMessage
		if o[name.(string)] != nil || decoder.Decode(&value) != nil {
			return nil
		}
		o[name.(string)] = value
	}
	return o
}

func (o object) text(name string) (s string) {
	if json.Unmarshal(o[name], &s) != nil {
		return ""
	}
	return s
}

// whole is a number that is written without fraction and exponent.
func (o object) whole(name string) *big.Int {
	n, ok := new(big.Int).SetString(string(bytes.TrimSpace(o[name])), 10)
	if !ok {
		return nil
	}
	return n
}

// instant is a time in whole seconds, the zero time where it is none.
func (o object) instant(name string) time.Time {
	seconds := o.whole(name)
	if seconds == nil || !seconds.IsInt64() {
		return time.Time{}
	}
	return time.Unix(seconds.Int64(), 0).UTC()
}
