package domain

import (
	"fmt"
	"log/slog"
	"unique"
)

// hidden is what every print, log and encoding of a secret shows.
const hidden = "[hidden]"

// Secret is a text that must not be seen: a password, a hash, a token, a key.
// However it is printed, logged or encoded, it shows as "[hidden]". Secrets of one text are equal.
type Secret struct {
	// Printing by reflection passes the methods below by: it does so for unexported fields and for verbs that do not
	// fit. A handle shows an address then, where a string would show itself.
	value unique.Handle[string]
}

// NewSecret hides s.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{unique.Make(s)}
}

// Reveal is the text itself, for the one place that needs it.
func (s Secret) Reveal() string {
	if s.IsZero() {
		return ""
	}
	return s.value.Value()
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s == Secret{} }

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
