package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/domain"
)

// The failures that only HTTP knows.
const (
	codeMalformedBody        domain.Code = "malformed_body"
	codeForbiddenOrigin      domain.Code = "forbidden_origin"
	codeMethodNotAllowed     domain.Code = "method_not_allowed"
	codeBodyTooLarge         domain.Code = "body_too_large"
	codeUnsupportedMediaType domain.Code = "unsupported_media_type"
	codeInternal             domain.Code = "internal"
)

var (
	errNotFound         = &domain.Error{Code: domain.CodeNotFound, Message: "There is nothing at this path."}
	errMethodNotAllowed = &domain.Error{Code: codeMethodNotAllowed, Message: "This path does not take this method."}
	errForbiddenOrigin  = &domain.Error{Code: codeForbiddenOrigin, Message: "Requests from this origin are not accepted: CLIENT_URL does not name it."}
	errInternal         = &domain.Error{Code: codeInternal, Message: "Something went wrong. The log has it under this request's id."}
)

// statusOf is the one table from code to status.
var statusOf = map[domain.Code]int{
	codeMalformedBody:             http.StatusBadRequest,
	domain.CodeValidationFailed:   http.StatusBadRequest,
	domain.CodeImageInvalid:       http.StatusBadRequest,
	domain.CodeInvalidCredentials: http.StatusUnauthorized,
	domain.CodeTokenMissing:       http.StatusUnauthorized,
	domain.CodeTokenInvalid:       http.StatusUnauthorized,
	domain.CodeTokenExpired:       http.StatusUnauthorized,
	domain.CodeSessionEnded:       http.StatusUnauthorized,
	domain.CodeTokenReused:        http.StatusUnauthorized,
	codeForbiddenOrigin:           http.StatusForbidden,
	domain.CodeUserNotFound:       http.StatusNotFound,
	domain.CodeNotFound:           http.StatusNotFound,
	codeMethodNotAllowed:          http.StatusMethodNotAllowed,
	domain.CodeUserExists:         http.StatusConflict,
	codeBodyTooLarge:              http.StatusRequestEntityTooLarge,
	codeUnsupportedMediaType:      http.StatusUnsupportedMediaType,
	domain.CodeTooManyAttempts:    http.StatusTooManyRequests,
	domain.CodeBusy:               http.StatusServiceUnavailable,
	domain.CodeUnavailable:        http.StatusServiceUnavailable,
	codeInternal:                  http.StatusInternalServerError,
}

// failure is the shape of a failure.
type failure struct {
	StatusCode int          `json:"statusCode"`
	Success    bool         `json:"success"`
	Message    string       `json:"message"`
	Code       domain.Code  `json:"code"`
	Errors     []fieldError `json:"errors"`
	Data       any          `json:"data"`
}

type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// fail answers an error. What is no domain error is a bug or a fault: logged once, told to nobody. That a client has left
// is neither: whoever hangs up again and again would have it look as if the stores failed.
func (s *server) fail(c *gin.Context, err error) {
	known, ok := errors.AsType[*domain.Error](err)
	switch {
	case !ok && errors.Is(err, context.DeadlineExceeded):
		known = domain.ErrUnavailable
		s.logFault(c, slog.LevelWarn, err)
	case !ok:
		known = errInternal
		s.logFault(c, slog.LevelError, err)
	case known.Code == domain.CodeUnavailable && errors.Is(err, context.Canceled) && c.Request.Context().Err() != nil:
		s.logFault(c, slog.LevelDebug, err)
	case known.Code == domain.CodeUnavailable:
		s.logFault(c, slog.LevelWarn, err)
	}
	if isDoor(c) {
		writeOAuthError(c, known)
		return
	}
	writeFailure(c, known)
}

// refusesToken reports whether an error is answered with 401.
func refusesToken(err error) bool {
	known, ok := errors.AsType[*domain.Error](err)
	return ok && statusOf[known.Code] == http.StatusUnauthorized
}

func (s *server) logFault(c *gin.Context, level slog.Level, err error) {
	s.Logger.LogAttrs(c.Request.Context(), level, "request failed",
		slog.String("request_id", c.Writer.Header().Get(headerRequestID)), slog.String("error", err.Error()))
}

// refuse is the handler that answers nothing but this error.
func (s *server) refuse(err error) gin.HandlerFunc {
	return func(c *gin.Context) { s.fail(c, err) }
}

func writeFailure(c *gin.Context, e *domain.Error) {
	status, ok := statusOf[e.Code]
	if !ok {
		status, e = http.StatusInternalServerError, errInternal
	}
	header := c.Writer.Header()
	header.Set("Cache-Control", "no-store")
	if status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Bearer")
	}
	if e.RetryAfter > 0 {
		header.Set("Retry-After", retryAfter(e.RetryAfter))
	}
	answer := failure{StatusCode: status, Message: e.Message, Code: e.Code, Errors: []fieldError{}}
	for _, f := range e.Fields {
		answer.Errors = append(answer.Errors, fieldError{f.Field, f.Message})
	}
	c.Abort()
	c.PureJSON(status, answer)
}

// retryAfter is a delay in whole seconds (RFC 9110, section 10.2.3), rounded up so that who obeys is not too early.
func retryAfter(d time.Duration) string {
	return strconv.Itoa(int(math.Ceil(d.Seconds())))
}
