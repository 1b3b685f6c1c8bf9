package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxFullnameChars bounds a full name, in Unicode characters.
const maxFullnameChars = 200

// ParseFullname trims a person's name and refuses control characters. Any script and an empty name are fine.
func ParseFullname(s string) (string, error) {
	name := norm.NFC.String(strings.TrimSpace(s))
	switch {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", Invalid("fullname", "must be printable text")
	case utf8.RuneCountInString(name) > maxFullnameChars:
		return "", Invalid("fullname", "must have at most 200 characters")
	}
	return name, nil
}
