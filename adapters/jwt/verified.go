package jwt

import (
	"crypto/sha256"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/latchkey-auth/latchkey/domain"
)

// maxVerified bounds how many tokens are remembered, and with them the memory, which is about 6 MB then.
const maxVerified = 1 << 14

// verified remembers the access tokens that were found genuine, the latest used, so that one that comes with every request
// costs a hash and not a signature check each time. It says yes or nothing: what it does not know is verified, so that
// no refusal is decided here. It keeps no token, but the SHA-256 of it, with which nobody can sign in.
type verified struct {
	keys   *Keyring
	tokens *lru.Cache[[sha256.Size]byte, verifiedToken]
}

// verifiedToken is what has to be checked of a genuine token, and what it says, each time that it comes.
type verifiedToken struct {
	registered
	sessionID string
	keyID     string
}

func newVerified(keys *Keyring, size int) *verified {
	tokens, err := lru.New[[sha256.Size]byte, verifiedToken](size)
	if err != nil {
		panic(err) // the size is not positive
	}
	return &verified{keys, tokens}
}

// find is a token that was remembered, if the key that signed it is still one of ours.
func (v *verified) find(token domain.Secret) (verifiedToken, bool) {
	text := token.Reveal()
	if len(text) > maxTokenBytes {
		return verifiedToken{}, false
	}
	found, ok := v.tokens.Get(hash(text))
	if !ok {
		return verifiedToken{}, false
	}
	_, accepted := v.keys.Find(found.keyID)
	return found, accepted
}

// remember takes a token in that has just passed every check, and been signed by that key.
func (v *verified) remember(token domain.Secret, claims accessClaims, signer Key) verifiedToken {
	found := verifiedToken{claims.registered, claims.SessionID, signer.ID}
	v.tokens.Add(hash(token.Reveal()), found)
	return found
}

// says is the claims of the token, as the ports have them.
func (t verifiedToken) says() domain.AccessClaims {
	return domain.AccessClaims{
		UserID:    domain.UserID(t.Subject),
		SessionID: domain.SessionID(t.sessionID),
		ExpiresAt: instant(t.ExpiresAt),
	}
}

func hash(text string) [sha256.Size]byte {
	var room [1 << 10]byte // most tokens fit, and nothing is allocated for them
	return sha256.Sum256(append(room[:0], text...))
}
