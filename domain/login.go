package domain

import "strings"

// Login is what a person types to say who they are: an email or a username, never both.
type Login struct {
	Email    Email
	Username Username
}

// NewLogin takes the email where one is given, else the username. It is lenient where registration is strict:
// what could never have been registered is simply nobody's. Two blanks are a validation error,
// and so is what is longer than anything that is looked up.
func NewLogin(email, username string) (Login, error) {
	email, username = strings.TrimSpace(email), strings.TrimSpace(username)
	switch {
	case len(email) > maxTypedBytes:
		return Login{}, Invalid("email", "is too long")
	case email != "":
		return Login{Email: RestoreEmail(email)}, nil
	case len(username) > maxTypedBytes:
		return Login{}, Invalid("username", "is too long")
	case username == "":
		return Login{}, Invalid("email", "is required, or a username")
	}
	name, err := ParseUsername(username)
	if err != nil {
		name = RestoreUsername(strings.ToLower(username))
	}
	return Login{Username: name}, nil
}

// String is the email or the username, and which of both it is.
func (l Login) String() string {
	if !l.Email.IsZero() {
		return "email:" + l.Email.String()
	}
	return "username:" + l.Username.String()
}
