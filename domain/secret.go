package domain

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
)

// hidden is what every print, log and encoding of a secret shows.
const hidden = "[hidden]"

// Secret is a text that must not be seen: a password, a hash, a token, a key.
// However it is printed, logged or encoded, it shows as "[hidden]". Equal compares: == would tell two copies of one text
// apart, and does not compile.
type Secret struct {
	_ [0]func() // forbids ==
	// Printing by reflection passes the methods below by: it does so for unexported fields and for verbs that do not
	// fit. A pointer shows an address then, where a string would show itself.
	text *string
}

// NewSecret hides s.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{text: &s}
}

// Reveal is the text itself, for the one place that needs it.
func (s Secret) Reveal() string {
	if s.IsZero() {
		return ""
	}
	return *s.text
}

// Equal reports whether both hide the same text, in a time that tells no more of it than its length.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.text == nil }

// String hides the secret.
func (s Secret) String() string { return hidden }

// GoString hides the secret.
func (s Secret) GoString() string { return hidden }

// Format hides the secret whatever the verb: %x and %q would otherwise show it.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the secret, in JSON too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
