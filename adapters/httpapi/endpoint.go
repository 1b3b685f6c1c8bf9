package httpapi

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

// endpoint is what a route does with a request that was decoded.
type endpoint func(*request) (reply, error)

// request is what an endpoint sees of a request.
type request struct {
	*http.Request
	body   body
	caller app.Caller   // of authenticated routes
	gin    *gin.Context // for the methods below, and another request's once the handler has returned
}

func newRequest(c *gin.Context) *request { return &request{Request: c.Request, gin: c} }

// client is who sends the request. It is found out where it is asked for: most requests do not want to know.
func (r *request) client() domain.Client {
	return domain.Client{
		IP:        clientIP(r.gin),
		UserAgent: userAgent(r.Request),
		RequestID: r.header().Get(headerRequestID),
	}
}

// param is a part of the path, by its name in the route.
func (r *request) param(name string) string { return r.gin.Param(name) }

// header is that of the answer.
func (r *request) header() http.Header { return r.gin.Writer.Header() }

// handle is a route for everybody.
func (s *server) handle(takes accepts, do endpoint) gin.HandlerFunc {
	return s.answer(s.decoded(takes, do))
}

// authenticated is a route for callers with a good access token. Nothing is read from anybody else.
func (s *server) authenticated(takes accepts, do endpoint) gin.HandlerFunc {
	do = s.decoded(takes, do)
	return s.answer(func(r *request) (answer reply, err error) {
		if r.caller, err = s.App.Authenticate.Do(r.Context(), accessToken(r.Request)); err != nil {
			return reply{}, err
		}
		return do(r)
	})
}

// answer calls and encodes: the one path that every route of the API takes.
func (s *server) answer(do endpoint) gin.HandlerFunc {
	return func(c *gin.Context) {
		answer, err := do(newRequest(c))
		if err != nil {
			if refusesToken(err) && ambiguous(c.Request) {
				s.jar.forget(c.Writer.Header())
			}
			s.fail(c, err)
			return
		}
		answer.write(c)
	}
}

// decoded is an endpoint whose body is read first. The memory for files is held until the request is done.
func (s *server) decoded(takes accepts, do endpoint) endpoint {
	return func(r *request) (answer reply, err error) {
		memory := &share{of: s.memory}
		defer memory.release()
		if r.body, err = decode(r.Request, takes, memory); err != nil && !takes.lenient {
			return reply{}, err
		}
		return do(r)
	}
}

// clientIP is what Gin says, or the peer of which Gin says nothing, since its address has a zone.
func clientIP(c *gin.Context) string {
	if ip := c.ClientIP(); ip != "" {
		return ip
	}
	peer, err := netip.ParseAddrPort(c.Request.RemoteAddr)
	if err != nil {
		return ""
	}
	return peer.Addr().WithZone("").String()
}

// maxUserAgent bounds, in bytes, what is kept of a User-Agent.
const maxUserAgent = 512

func userAgent(r *http.Request) string {
	agent := r.UserAgent()
	if len(agent) > maxUserAgent {
		agent = agent[:maxUserAgent]
	}
	return strings.ToValidUTF8(agent, "")
}

// accessToken is the bearer token (RFC 6750, section 2.1), else the one in the cookie. Where two headers come, none is
// believed: a proxy may have looked at the other.
func accessToken(r *http.Request) domain.Secret {
	if len(r.Header["Authorization"]) > 1 {
		return domain.NewSecret(noToken)
	}
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return domain.NewSecret(strings.TrimSpace(token))
	}
	return cookie(r, accessCookie)
}

// refreshToken is the one in the cookie, else the one in the body.
func (r *request) refreshToken() domain.Secret {
	if token := cookie(r.Request, refreshCookie); !token.IsZero() {
		return token
	}
	return r.body.secret("refreshToken")
}
