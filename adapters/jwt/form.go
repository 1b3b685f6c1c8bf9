package jwt

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	strict "github.com/go-json-experiment/json" // encoding/json/v2: names in their very case, and each at most once

	"github.com/latchkey-auth/latchkey/domain"
)

// maxTokenBytes bounds what is parsed at all.
const maxTokenBytes = 8 << 10

// The types of tokens. Each is a header of its own, so that neither is taken for the other.
const (
	typeAccess  = "at+jwt" // RFC 9068, section 2.1
	typeRefresh = "rt+jwt"
)

// base64url is the encoding of the parts of a token, in which no bit is without meaning.
var base64url = base64.RawURLEncoding.Strict()

// header is the first part of the tokens of a type that a key signs.
func header(alg, keyID, typ string) string {
	return base64url.EncodeToString([]byte(`{"alg":"` + alg + `","kid":"` + keyID + `","typ":"` + typ + `"}`))
}

// sign writes a token in its compact form (RFC 7515, section 7.1).
func sign(key Key, typ string, expires time.Time, claims any) (domain.Token, error) {
	data, err := json.Marshal(claims)
	if err != nil {
		return domain.Token{}, err
	}
	text := key.headers[typ] + "." + base64url.EncodeToString(data)
	signature, err := key.method.Sign(text, key.private)
	if err != nil {
		return domain.Token{}, errors.New("signing a token: the key is of no use")
	}
	text += "." + base64url.EncodeToString(signature)
	return domain.Token{Secret: domain.NewSecret(text), ExpiresAt: expires.Truncate(time.Second)}, nil
}

// parse checks form and signature, and answers the claims and the key that signed them.
//
// The header has to be, byte for byte, one that a key of ours writes. It is not read, and what it says is believed in
// nothing (RFC 8725, sections 3.1, 3.9 and 3.11): no token chooses its algorithm, brings its own key or an address of
// one, is critical or unencoded, or holds another token or packed content.
func parse[Claims any](token domain.Secret, typ string, keys *Keyring) (claims Claims, signer Key, err error) {
	text := token.Reveal()
	// Decoding base64 passes over line breaks, so that one token could be written in many ways.
	if len(text) > maxTokenBytes || strings.ContainsAny(text, "\r\n") {
		return claims, Key{}, domain.ErrTokenInvalid
	}
	first, rest, two := strings.Cut(text, ".")
	second, third, three := strings.Cut(rest, ".")
	signer, ours := keys.findByHeader(typ, first)
	if !two || !three || !ours {
		return claims, Key{}, domain.ErrTokenInvalid
	}
	signature, err := base64url.DecodeString(third)
	if err != nil || signer.method.Verify(text[:len(first)+1+len(second)], signature, signer.public) != nil {
		return claims, Key{}, domain.ErrTokenInvalid
	}
	data, err := base64url.DecodeString(second)
	if err != nil || strict.Unmarshal(data, &claims) != nil {
		return claims, Key{}, domain.ErrTokenInvalid
	}
	return claims, signer, nil
}
