package domain

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// product is the name that people see on the account page.
const product = "latchkey"

// Breached is the validation error of a password that is known from a breach.
func Breached(field string) *Error {
	return Invalid(field, "is known from a data breach, so it is among the first that are tried")
}

// guessable says what is wrong with a password that is among the first to be tried against this user, "" where nothing
// is. It judges the whole password, as NIST SP 800-63B, section 3.1.1.2, asks: a long one may hold any word.
func (p PasswordPolicy) guessable(password string, of User) string {
	folded := fold(password)
	if isOneCharacter(folded) || isOneCharacter(password) { // folding makes several of some, such as "tm" of the sign
		return "must not be one character repeated"
	}
	for _, known := range p.knownOf(of) {
		for _, name := range spellings(fold(known.name)) {
			if isMadeOf(folded, name) {
				return "must not be made of the " + known.what
			}
		}
	}
	if isCommon(folded) {
		return "is a common password, so it is among the first that are tried"
	}
	return ""
}

// fold drops what makes no difference to somebody who guesses: capitals, wide letters, blanks around it.
func fold(s string) string { return strings.TrimSpace(cases.Fold().String(norm.NFKC.String(s))) }

// isOneCharacter reports whether there is nothing but the first character, repeated.
func isOneCharacter(s string) bool { return strings.ReplaceAll(s, firstCharacter(s), "") == "" }

// firstCharacter is what a reader takes for one: a letter with its marks, an emoji with its tone, both halves of a flag.
func firstCharacter(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if unicode.Is(unicode.Regional_Indicator, first) {
		_, half := utf8.DecodeRuneInString(s[size:])
		size += half
	}
	after := strings.TrimLeftFunc(s[size:], func(r rune) bool { return unicode.Is(unicode.M, r) || isTone(r) })
	return s[:len(s)-len(after)]
}

// isTone reports whether r colours the emoji before it.
func isTone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }

// known is a name that whoever guesses knows.
type known struct{ what, name string }

// knownOf is what is known of a user, and of the service.
func (p PasswordPolicy) knownOf(u User) []known {
	local, host, _ := strings.Cut(u.Email.String(), "@")
	return []known{
		{"username", u.Username.String()},
		{"email", u.Email.String()},
		{"email", local},
		{"email", host},
		{"full name", u.Fullname},
		{"name of this service", p.Host},
		{"name of this service", product},
	}
}

// spellings are the ways to type a name: as it is, without what stands between its parts, and each part.
func spellings(name string) []string {
	parts := strings.FieldsFunc(name, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
	all := append(parts, name, strings.Join(parts, ""))
	slices.Sort(all)
	return slices.Compact(all)
}

// isMadeOf reports whether a password is a name and little else. Taken out of it wherever it stands, forwards and
// backwards, the name leaves at most four characters, such as a year, or a common password. A name of one or two
// characters, which occurs by chance, has to leave nothing.
func isMadeOf(password, name string) bool {
	left := strings.ReplaceAll(strings.ReplaceAll(password, name, ""), reverse(name), "")
	switch {
	case left == password:
		return false
	case utf8.RuneCountInString(name) < 3:
		return left == ""
	}
	return utf8.RuneCountInString(left) <= 4 || isCommon(strings.TrimSpace(left))
}

func reverse(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}
