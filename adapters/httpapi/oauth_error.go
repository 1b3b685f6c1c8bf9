package httpapi

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/domain"
)

// The failures that only the token endpoint knows.
const (
	codeUnsupportedGrantType domain.Code = "unsupported_grant_type"
	codeInvalidScope         domain.Code = "invalid_scope"
)

// oauthError is the shape of an error (RFC 6749, section 5.2).
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// oauthFailure is how a code is answered. A description stands for messages that are about people.
type oauthFailure struct {
	status            int
	name, description string
}

// oauthFailures is the one table from code to error. Names that RFC 6749 has only for where browsers are sent, in section
// 4.1.2.1, serve here too, as nothing else is registered for them.
var oauthFailures = map[domain.Code]oauthFailure{
	codeMalformedBody:             {http.StatusBadRequest, "invalid_request", ""},
	codeBodyTooLarge:              {http.StatusBadRequest, "invalid_request", ""},
	codeUnsupportedMediaType:      {http.StatusBadRequest, "invalid_request", ""},
	domain.CodeTokenMissing:       {http.StatusBadRequest, "invalid_request", ""},
	codeUnsupportedGrantType:      {http.StatusBadRequest, "unsupported_grant_type", ""},
	codeInvalidScope:              {http.StatusBadRequest, "invalid_scope", ""},
	domain.CodeTokenInvalid:       {http.StatusBadRequest, "invalid_grant", ""},
	domain.CodeTokenExpired:       {http.StatusBadRequest, "invalid_grant", ""},
	domain.CodeSessionEnded:       {http.StatusBadRequest, "invalid_grant", ""},
	domain.CodeTokenReused:        {http.StatusBadRequest, "invalid_grant", ""},
	domain.CodeInvalidCredentials: {http.StatusUnauthorized, "invalid_client", "The client could not be authenticated."},
	codeForbiddenOrigin:           {http.StatusForbidden, "access_denied", ""},
	domain.CodeTooManyAttempts:    {http.StatusTooManyRequests, "temporarily_unavailable", ""},
	domain.CodeUnavailable:        {http.StatusServiceUnavailable, "temporarily_unavailable", ""},
	codeInternal:                  {http.StatusInternalServerError, "server_error", ""},
}

// writeOAuthError answers an error of a door.
func writeOAuthError(c *gin.Context, e *domain.Error) {
	failure, ok := oauthFailures[e.Code]
	if !ok {
		failure, e = oauthFailures[codeInternal], errInternal
	}
	header := c.Writer.Header()
	setNoStore(header)
	if failure.status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", `Basic realm="latchkey"`)
	}
	if e.RetryAfter > 0 {
		header.Set("Retry-After", retryAfter(e.RetryAfter))
	}
	if failure.description == "" {
		failure.description = quotable(e.Message)
	}
	c.Abort()
	c.PureJSON(failure.status, oauthError{failure.name, failure.description})
}

// quotable keeps a message to the characters that a description may have: printable ASCII without quotation marks and
// backslashes.
func quotable(message string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"' || r == '\\':
			return '\''
		case r < ' ' || r > '~':
			return -1
		}
		return r
	}, message)
}

// setNoStore keeps an answer out of caches, those of HTTP/1.0 too, as RFC 6749, section 5.1, demands.
func setNoStore(header http.Header) {
	header.Set("Cache-Control", "no-store")
	header.Set("Pragma", "no-cache")
}
