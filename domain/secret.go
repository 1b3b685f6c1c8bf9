package domain

import (
	"fmt"
	"log/slog"
)

// hidden is what every print, log and encoding of a secret shows.
const hidden = "[hidden]"

// Secret is a text that must not be seen: a password, a hash, a token, a key.
// However it is printed, logged or encoded, it shows as "[hidden]".
type Secret struct{ value string }

// NewSecret hides s.
func NewSecret(s string) Secret { return Secret{s} }

// Reveal is the text itself, for the one place that needs it.
func (s Secret) Reveal() string { return s.value }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.value == "" }

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
