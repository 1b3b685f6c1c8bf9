package domain

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code names a failure for programs. Codes are part of the HTTP contract and never change.
type Code string

// The failures that the domain and the use cases know.
const (
	CodeValidationFailed   Code = "validation_failed"
	CodeImageInvalid       Code = "image_invalid"
	CodeInvalidCredentials Code = "invalid_credentials"
	CodeUserNotFound       Code = "user_not_found"
	CodeTokenMissing       Code = "token_missing"
	CodeTokenInvalid       Code = "token_invalid"
	CodeTokenExpired       Code = "token_expired"
	CodeSessionEnded       Code = "session_ended"
	CodeTokenReused        Code = "token_reused"
	CodeNotFound           Code = "not_found"
	CodeUserExists         Code = "user_exists"
	CodeTooManyAttempts    Code = "too_many_attempts"
	CodeBusy               Code = "busy"
	CodeUnavailable        Code = "unavailable"
)

// Error is a failure that its reader may be told about.
type Error struct {
	Code    Code
	Message string
	// Fields says which inputs are to blame; empty where none is.
	Fields []FieldError
	// RetryAfter is how long to wait before trying again; zero where waiting does not help.
	RetryAfter time.Duration
}

// FieldError says what is wrong with one input, by the name that the client gave it.
type FieldError struct {
	Field   string
	Message string
}

// The failures that carry nothing but themselves.
var (
	ErrInvalidCredentials = &Error{Code: CodeInvalidCredentials, Message: "The account or the password is wrong."}
	ErrUserNotFound       = &Error{Code: CodeUserNotFound, Message: "There is no such account."}
	ErrTokenMissing       = &Error{Code: CodeTokenMissing, Message: "A token is needed, and none came with the request."}
	ErrTokenInvalid       = &Error{Code: CodeTokenInvalid, Message: "The token is not valid."}
	ErrTokenExpired       = &Error{Code: CodeTokenExpired, Message: "The token has expired."}
	ErrTokenReused        = &Error{Code: CodeTokenReused, Message: "A refresh token was used a second time, so this session was ended. Please sign in again."}
	ErrSessionNotFound    = &Error{Code: CodeNotFound, Message: "There is no such session."}
	ErrUnavailable        = &Error{Code: CodeUnavailable, Message: "The service cannot answer right now.", RetryAfter: time.Second}
)

// Error is the message, with the fields behind it, for logs.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return string(e.Code) + ": " + e.Message
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Field + ": " + f.Message
	}
	return string(e.Code) + ": " + strings.Join(parts, "; ")
}

// Is reports whether target is a domain error of the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Invalid is the validation error of a single field.
func Invalid(field, message string) *Error {
	return &Error{Code: CodeValidationFailed, Message: "Some fields are not acceptable.", Fields: []FieldError{{field, message}}}
}

// ImageInvalid says why the image in field cannot be taken.
func ImageInvalid(field, message string) *Error {
	return &Error{Code: CodeImageInvalid, Message: "The image cannot be used.", Fields: []FieldError{{field, message}}}
}

// UserExists says which of the unique fields ("email", "username") belong to another user.
func UserExists(fields ...string) *Error {
	e := &Error{Code: CodeUserExists, Message: "This " + strings.Join(fields, " and ") + " is already in use."}
	for _, f := range fields {
		e.Fields = append(e.Fields, FieldError{f, "is already in use"})
	}
	return e
}

// WrongPassword is ErrInvalidCredentials for somebody who is signed in, and knows which field to mend.
func WrongPassword(field string) *Error {
	return &Error{Code: CodeInvalidCredentials, Message: "The password is wrong.", Fields: []FieldError{{field, "is wrong"}}}
}

// TooManyAttempts asks the client to wait.
func TooManyAttempts(wait time.Duration) *Error {
	message := fmt.Sprintf("Too many attempts. Please wait %v before trying again.", max(wait, time.Second).Round(time.Second))
	return &Error{Code: CodeTooManyAttempts, Message: message, RetryAfter: wait}
}

// Busy says that something costly, hashing or pictures, is at its limit.
func Busy(wait time.Duration) *Error {
	return &Error{Code: CodeBusy, Message: "Too much is going on at this moment. Please try again shortly.", RetryAfter: wait}
}

// Problems collects what is wrong with an input, so that it is all said at once.
type Problems struct{ fields []FieldError }

// Add takes the fields of a validation error; nil adds nothing.
func (p *Problems) Add(err error) {
	if e, ok := errors.AsType[*Error](err); ok {
		p.fields = append(p.fields, e.Fields...)
	}
}

// Err is nil when nothing was added.
func (p *Problems) Err() error {
	if len(p.fields) == 0 {
		return nil
	}
	return &Error{Code: CodeValidationFailed, Message: "Some fields are not acceptable.", Fields: p.fields}
}
