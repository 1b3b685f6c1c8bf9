package domain

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

// MaxPasswordBytes bounds what is hashed, whatever the algorithm.
const MaxPasswordBytes = 1024

// Password is what a person types to prove who they are, prepared by the
// PRECIS OpaqueString profile (RFC 8265, section 4.2). It hides itself when printed.
type Password struct {
	Secret
	typed Secret // where it differs, and is to be compared too
}

// Forms are what a stored hash may be of: the prepared password, and what was typed, where it differs, since other
// services hash that.
func (p Password) Forms() []Password {
	forms := []Password{{Secret: p.Secret}}
	if !p.typed.IsZero() {
		forms = append(forms, Password{Secret: p.typed})
	}
	return forms
}

var errNotText = errors.New("invalid UTF-8")

// PasswordPolicy says which new passwords are taken. Any that is long enough and not easily guessed is; there are no
// rules of composition (NIST SP 800-63B, section 3.1.1.2).
type PasswordPolicy struct {
	// MinLength counts Unicode characters.
	MinLength int
	// MaxBytes is what the hash can take: 72 for bcrypt, MaxPasswordBytes otherwise.
	MaxBytes int
	// Host is where people reach the service. Passwords made of its name are refused; "" is none.
	Host string
}

// Parse accepts a new password of a user, named field in the error.
func (p PasswordPolicy) Parse(field, s string, of User) (Password, error) {
	if strings.TrimSpace(s) == "" {
		return Password{}, Invalid(field, "is required")
	}
	if len(s) > MaxPasswordBytes {
		return Password{}, Invalid(field, fmt.Sprintf("must have at most %d bytes", p.MaxBytes))
	}
	prepared, err := prepare(s)
	switch {
	case err != nil:
		return Password{}, Invalid(field, "must be text without control characters")
	case utf8.RuneCountInString(prepared) < p.MinLength:
		return Password{}, Invalid(field, fmt.Sprintf("must have at least %d characters", p.MinLength))
	case len(prepared) > p.MaxBytes:
		return Password{}, Invalid(field, fmt.Sprintf("must have at most %d bytes", p.MaxBytes))
	}
	if wrong := p.guessable(prepared, of); wrong != "" {
		return Password{}, Invalid(field, wrong)
	}
	return Password{Secret: NewSecret(prepared)}, nil
}

// PresentedPassword takes a password that is to be checked against a stored hash. It applies no policy, since
// the policy may have changed; what PRECIS refuses is taken as it is, since it may have been hashed elsewhere.
func PresentedPassword(field, s string) (Password, error) {
	switch {
	case strings.TrimSpace(s) == "":
		return Password{}, Invalid(field, "is required")
	case len(s) > MaxPasswordBytes:
		return Password{}, Invalid(field, fmt.Sprintf("must have at most %d bytes", MaxPasswordBytes))
	}
	typed := NewSecret(s)
	prepared, err := prepare(s)
	if err != nil || prepared == s {
		return Password{Secret: typed}, nil
	}
	return Password{Secret: NewSecret(prepared), typed: typed}, nil
}

// prepare applies the profile. It refuses invalid UTF-8, of which the library makes the replacement character:
// passwords that differ would become one.
func prepare(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", errNotText
	}
	return precis.OpaqueString.String(s)
}
