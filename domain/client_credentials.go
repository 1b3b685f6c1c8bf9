package domain

import (
	"crypto/hmac"
	"crypto/sha256"
)

// ClientCredentials is how a confidential client, such as a gateway or another service, says who it is (RFC 6749,
// section 2.3.1). A public client has no Secret.
type ClientCredentials struct {
	ID     string
	Secret Secret
}

// ConfidentialClients is the clients that are known. One ID may come with several secrets, so that the one can be
// replaced by the other without a gap.
type ConfidentialClients []ClientCredentials

// Knows reports whether there is a client of that ID.
func (all ConfidentialClients) Knows(id string) bool {
	for _, each := range all {
		if each.ID == id {
			return true
		}
	}
	return false
}

// Proves reports whether the credentials are those of a client. Every secret is compared, by its digest, so that the
// time taken tells neither which IDs there are, nor how much of a secret was right, nor how long it is.
func (all ConfidentialClients) Proves(given ClientCredentials) bool {
	presented := sha256.Sum256([]byte(given.Secret.Reveal()))
	proven := false
	for _, each := range all {
		kept := sha256.Sum256([]byte(each.Secret.Reveal()))
		same := hmac.Equal(presented[:], kept[:])
		proven = proven || same && each.ID == given.ID && !each.Secret.IsZero()
	}
	return proven
}
