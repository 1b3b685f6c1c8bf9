package config

import (
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/latchkey-auth/latchkey/domain"
)

// errWrong is enough: the tag "takes" tells people what would be right.
var errWrong = errors.New("wrong value")

// orWrong turns a parser's complaint into ours.
func orWrong(ok bool) error {
	if !ok {
		return errWrong
	}
	return nil
}

// Switch is on or off.
type Switch bool

// UnmarshalText parses "on" and "off".
func (s *Switch) UnmarshalText(text []byte) error {
	*s = string(text) == "on"
	return orWrong(string(text) == "on" || string(text) == "off")
}

// minSecretBytes is what HS256 demands of a key (RFC 7518, section 3.2).
const minSecretBytes = 32

// Secret signs tokens.
type Secret struct{ domain.Secret }

// UnmarshalText takes a secret that is long enough.
func (s *Secret) UnmarshalText(text []byte) error {
	s.Secret = domain.NewSecret(string(text))
	return orWrong(len(text) >= minSecretBytes)
}

// Secrets sign tokens: the first one does, and all are accepted.
type Secrets []domain.Secret

// UnmarshalText takes secrets that are each long enough, separated by commas.
func (s *Secrets) UnmarshalText(text []byte) error {
	for _, item := range list(text) {
		if len(item) < minSecretBytes {
			return errWrong
		}
		*s = append(*s, domain.NewSecret(item))
	}
	return orWrong(len(*s) > 0)
}

// Fields is the fields that registration demands.
type Fields []string

// UnmarshalText parses names separated by commas.
func (f *Fields) UnmarshalText(text []byte) error {
	*f = list(text)
	for _, name := range *f {
		if !slices.Contains([]string{"username", "fullname", "email", "password", "avatar", "coverImage"}, name) {
			return errWrong
		}
	}
	canSignIn := slices.Contains(*f, "email") || slices.Contains(*f, "username")
	return orWrong(canSignIn && slices.Contains(*f, "password"))
}

// list splits at commas, and drops blanks.
func list(text []byte) []string {
	var items []string
	for item := range strings.SplitSeq(string(text), ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// HashAlgorithm names how passwords are hashed.
type HashAlgorithm string

// The algorithms.
const (
	Argon2id HashAlgorithm = "argon2id"
	Bcrypt   HashAlgorithm = "bcrypt"
)

// UnmarshalText takes one of the algorithms.
func (h *HashAlgorithm) UnmarshalText(text []byte) error {
	*h = HashAlgorithm(text)
	return orWrong(*h == Argon2id || *h == Bcrypt)
}

// LogLevel is the least level that is logged.
type LogLevel struct{ slog.Level }

// UnmarshalText takes debug, info, warn or error.
func (l *LogLevel) UnmarshalText(text []byte) error {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, strings.ToLower(string(text))) {
		return errWrong
	}
	return l.Level.UnmarshalText(text)
}

// LogFormat is how the log is written.
type LogFormat string

// UnmarshalText takes auto, text or json.
func (f *LogFormat) UnmarshalText(text []byte) error {
	*f = LogFormat(text)
	return orWrong(slices.Contains([]LogFormat{"auto", "text", "json"}, *f))
}
