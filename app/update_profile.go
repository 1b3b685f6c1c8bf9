package app

import (
	"context"
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// UpdateProfile changes what a user says of themselves.
type UpdateProfile struct {
	users    ports.UserRepository
	required []string
	now      func() time.Time
}

// UpdateProfileRequest holds the new values; nil leaves a field as it is.
type UpdateProfileRequest struct {
	Caller   Caller
	Fullname *string
	Username *string
	Email    *string
}

// Do changes the profile. Errors: domain.CodeValidationFailed, domain.CodeUserExists.
func (uc *UpdateProfile) Do(ctx context.Context, req UpdateProfileRequest) (domain.User, error) {
	change, err := uc.parse(req)
	if err != nil {
		return domain.User{}, err
	}
	return updateUser(ctx, uc.users, req.Caller, uc.now, change)
}

// parse makes of the request what is to be done to the user.
func (uc *UpdateProfile) parse(req UpdateProfileRequest) (func(domain.User) domain.User, error) {
	if req.Fullname == nil && req.Username == nil && req.Email == nil {
		return nil, &domain.Error{Code: domain.CodeValidationFailed, Message: "Nothing to change: give fullname, username or email."}
	}
	var problems domain.Problems
	// A name to sign in by can be changed, never taken away; a full name can, unless registration demands it.
	fullname := parseChange(&problems, "fullname", req.Fullname, slices.Contains(uc.required, "fullname"), domain.ParseFullname)
	username := parseChange(&problems, "username", req.Username, true, domain.ParseUsername)
	email := parseChange(&problems, "email", req.Email, true, domain.ParseEmail)
	return func(u domain.User) domain.User {
		if fullname != nil {
			u.Fullname = *fullname
		}
		if username != nil {
			u.Username = *username
		}
		if email != nil {
			u.Email = *email
		}
		return u
	}, problems.Err()
}

// parseChange parses a field that is to change; nil where it is not.
func parseChange[T any](problems *domain.Problems, name string, value *string, required bool, parse func(string) (T, error)) *T {
	if value == nil {
		return nil
	}
	parsed := parseField(problems, name, *value, required, parse)
	return &parsed
}
