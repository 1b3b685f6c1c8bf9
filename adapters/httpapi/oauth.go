package httpapi

import (
	"context"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

// The standard doors follow their RFCs, and not the envelope: forms come in, and the errors of RFC 6749, section 5.2, go
// out. They set no cookies and read none, so that a browser which is misled can do nothing by them.
const (
	oauthPath         = "/oauth/"
	tokenPath         = oauthPath + "token"
	introspectionPath = oauthPath + "introspect"
	revocationPath    = oauthPath + "revoke"
)

// admission is app.AuthenticateClient.Do, or Admit where public clients come in as well.
type admission func(context.Context, app.AuthenticateClientRequest) error

// oauthRoutes are the doors. There is none to ask about tokens where nobody could: anybody who asks would be guessing.
func (s *server) oauthRoutes(router *gin.Engine) {
	clients := s.App.AuthenticateClient
	router.POST(tokenPath, s.door(clients.Admit, s.grant, "grant_type", "refresh_token", "scope"))
	router.POST(revocationPath, s.door(clients.Admit, s.revoke, "token"))
	if clients.Any() {
		router.POST(introspectionPath, s.door(clients.Do, s.introspect, "token"))
	}
}

// door is a route for the programs that are admitted. It takes the form fields that are named, beside the credentials.
func (s *server) door(admit admission, do func(*request) (any, error), fields ...string) gin.HandlerFunc {
	takes := accepts{fields: append(fields, "client_id", "client_secret")}
	return func(c *gin.Context) {
		answer, err := enter(newRequest(c), takes, admit, do)
		if err != nil {
			s.fail(c, err)
			return
		}
		setNoStore(c.Writer.Header())
		c.PureJSON(http.StatusOK, answer)
	}
}

func enter(r *request, takes accepts, admit admission, do func(*request) (any, error)) (any, error) {
	if mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); mediaType != formType {
		return nil, &domain.Error{Code: codeUnsupportedMediaType, Message: "This endpoint takes " + formType + "."}
	}
	var err error
	if r.body, err = decode(r.Request, takes, nil); err != nil {
		return nil, err
	}
	credentials, err := clientCredentials(r)
	if err != nil {
		return nil, err
	}
	if err := admit(r.Context(), app.AuthenticateClientRequest{Credentials: credentials, Client: r.client()}); err != nil {
		return nil, err
	}
	return do(r)
}

// isDoor reports whether a request came to one of the doors.
func isDoor(c *gin.Context) bool { return strings.HasPrefix(c.FullPath(), oauthPath) }
