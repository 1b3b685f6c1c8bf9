package client

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Code says why Latchkey refuses, for programs.
type Code string

// The codes of the API. There may be others some day.
const (
	CodeMalformedBody        Code = "malformed_body"
	CodeValidationFailed     Code = "validation_failed"
	CodeImageInvalid         Code = "image_invalid"
	CodeInvalidCredentials   Code = "invalid_credentials"
	CodeTokenMissing         Code = "token_missing"
	CodeTokenInvalid         Code = "token_invalid"
	CodeTokenExpired         Code = "token_expired"
	CodeTokenReused          Code = "token_reused"
	CodeSessionEnded         Code = "session_ended"
	CodeForbiddenOrigin      Code = "forbidden_origin"
	CodeUserNotFound         Code = "user_not_found"
	CodeNotFound             Code = "not_found"
	CodeMethodNotAllowed     Code = "method_not_allowed"
	CodeUserExists           Code = "user_exists"
	CodeBodyTooLarge         Code = "body_too_large"
	CodeUnsupportedMediaType Code = "unsupported_media_type"
	CodeTooManyAttempts      Code = "too_many_attempts"
	CodeBusy                 Code = "busy"
	CodeUnavailable          Code = "unavailable"
	CodeInternal             Code = "internal"
)

// Error is a refusal.
type Error struct {
	Status  int
	Code    Code   // "" where somebody before Latchkey answers, such as a proxy
	Message string // for people; it may change
	Fields  []FieldError
	// RetryAfter is when it is worth asking again; 0 where nothing is said of that.
	RetryAfter time.Duration
	// RequestID is what Latchkey's log calls the request.
	RequestID string
}

// FieldError says what is wrong with a field.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error is the code and the message.
func (e *Error) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("latchkey: %d %s", e.Status, e.Message)
	}
	return fmt.Sprintf("latchkey: %s: %s", e.Code, e.Message)
}

// newError is the refusal that an answer is.
func newError(resp *http.Response, e envelope) *Error {
	failure := &Error{Status: resp.StatusCode, Code: e.Code, Message: e.Message, Fields: e.Errors, RequestID: resp.Header.Get("X-Request-ID")}
	if failure.Message == "" {
		failure.Message = http.StatusText(resp.StatusCode)
	}
	if seconds, err := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 31); err == nil {
		failure.RetryAfter = time.Duration(seconds) * time.Second
	}
	return failure
}
