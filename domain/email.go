package domain

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxEmailBytes is the longest address that SMTP can carry (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const maxEmailBytes = 254

// Email is an address in the form in which it is stored and compared: trimmed, NFC, lower-cased.
// The zero Email means none.
type Email struct{ address string }

// ParseEmail accepts an address of the form local@domain (RFC 5322 addr-spec without quotes, comments or address literals).
func ParseEmail(s string) (Email, error) {
	address := foldEmail(s)
	switch {
	case address == "":
		return Email{}, Invalid("email", "is required")
	case !utf8.ValidString(s):
		return Email{}, Invalid("email", "must be valid UTF-8")
	case len(address) > maxEmailBytes:
		return Email{}, Invalid("email", "must have at most 254 bytes")
	case !isAddress(address):
		return Email{}, Invalid("email", "must be an address such as name@example.org")
	}
	return Email{address}, nil
}

// RestoreEmail takes back what a store kept, without judging it again:
// a rule that has grown stricter locks nobody out.
func RestoreEmail(s string) Email { return Email{foldEmail(s)} }

// String is the address, "" where there is none.
func (e Email) String() string { return e.address }

// IsZero reports whether there is no address.
func (e Email) IsZero() bool { return e.address == "" }

func foldEmail(s string) string {
	return norm.NFC.String(strings.ToLower(strings.TrimSpace(s)))
}

func isAddress(s string) bool {
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Name != "" || parsed.Address != s {
		return false
	}
	local, host, _ := strings.Cut(s, "@")
	return len(local) <= 64 && isPrintable(local) && isHostname(host)
}

// isPrintable refuses what makes two addresses look alike: blanks, control characters and invisible ones.
func isPrintable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// isHostname accepts labels of letters, digits and inner hyphens, in any script.
func isHostname(host string) bool {
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return false
			}
		}
	}
	return true
}
