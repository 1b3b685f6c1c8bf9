package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

const (
	// maxUsernameChars bounds a username as it is stored, in Unicode characters.
	maxUsernameChars = 64
	// maxTypedBytes bounds what is looked at, before mapping: more than any name takes, however it is typed.
	maxTypedBytes = 1024
)

// Username is a name in the form in which it is stored and compared:
// trimmed and mapped by the PRECIS UsernameCaseMapped profile (RFC 8265, section 3.3).
// The zero Username means none.
type Username struct{ name string }

// ParseUsername accepts letters, digits and the punctuation that PRECIS allows, without spaces.
// A name with "@" is refused, because it could be taken for somebody's email.
func ParseUsername(s string) (Username, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return Username{}, Invalid("username", "is required")
	case len(s) > maxTypedBytes:
		return Username{}, Invalid("username", "must have at most 64 characters")
	}
	name, err := precis.UsernameCaseMapped.String(s)
	switch {
	case err != nil:
		return Username{}, Invalid("username", "must consist of letters, digits and punctuation, without spaces")
	case mixesLookalikes(name):
		return Username{}, Invalid("username", "must not mix alphabets whose letters look alike")
	case strings.Contains(name, "@"):
		return Username{}, Invalid("username", `must not contain "@"`)
	case utf8.RuneCountInString(name) > maxUsernameChars:
		return Username{}, Invalid("username", "must have at most 64 characters")
	}
	return Username{name}, nil
}

// lookalikes are alphabets that share shapes (Unicode UTS #39): with a Cyrillic letter among Latin ones, a name passes for
// somebody else's.
var lookalikes = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee}

func mixesLookalikes(name string) bool {
	found := 0
	for _, alphabet := range lookalikes {
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(alphabet, r) }) {
			found++
		}
	}
	return found > 1
}

// RestoreUsername takes back what a store kept, without judging it again.
func RestoreUsername(s string) Username { return Username{s} }

// String is the name, "" where there is none.
func (u Username) String() string { return u.name }

// IsZero reports whether there is no name.
func (u Username) IsZero() bool { return u.name == "" }
