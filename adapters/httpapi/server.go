// Package httpapi serves the use cases over HTTP, with Gin. It translates and decides nothing.
package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/sync/semaphore"

	"github.com/latchkey-auth/latchkey/app"
)

// Config is what the server is built from.
type Config struct {
	App    *app.App
	Logger *slog.Logger
	Now    func() time.Time

	// PublicURL is where clients reach the service; the paths of images are completed with it.
	PublicURL *url.URL
	// Audience is the aud of access tokens.
	Audience string
	// ClientOrigins may call from a browser, with credentials.
	ClientOrigins []string
	// TrustedProxies may say, in X-Forwarded-For, who the client is.
	TrustedProxies []netip.Prefix
	Cookies        CookieConfig

	// Ready reports whether the stores answer.
	Ready func(context.Context) error
	// Observe is told of every request that was answered. The route is a pattern, "" for an unknown path.
	Observe func(method, route string, status int, took time.Duration)
	// Trace begins the span of a request, and answers the context to go on in, and what ends the span. The method is
	// "other" where the client made it up, the route as for Observe. Nil is no tracing.
	Trace func(r *http.Request, method, route string) (ctx context.Context, end func(status int))
	// Pages are served beside the API, by Gin's path patterns.
	Pages map[string]http.Handler
}

type server struct {
	Config
	jar    jar
	memory *semaphore.Weighted // for the files of all requests
}

// New makes the handler.
func New(cfg Config) (http.Handler, error) {
	s := &server{Config: cfg, jar: jar{cfg.Cookies, cfg.Now}, memory: semaphore.NewWeighted(maxFilesMemory)}
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.HandleMethodNotAllowed = true
	router.RedirectTrailingSlash = false
	// No path here needs escaping. One that is escaped all the same passes a proxy that compares it as it stands.
	router.UseRawPath, router.UnescapePathValues = true, false
	// Gin believes every X-Forwarded-For unless told otherwise, and X-Real-IP too, which proxies that set the one let through.
	router.RemoteIPHeaders = []string{"X-Forwarded-For"}
	proxies := []string{}
	for _, prefix := range cfg.TrustedProxies {
		proxies = append(proxies, prefix.String())
	}
	if err := router.SetTrustedProxies(proxies); err != nil {
		return nil, err
	}
	sameOrigin, err := s.refuseOtherOrigins()
	if err != nil {
		return nil, err
	}
	if cfg.Trace != nil {
		router.Use(s.trace)
	}
	router.Use(requestID, carry(protectiveHeaders(cfg.PublicURL)), closeUnlessCertain, s.observe, s.recover, sameOrigin)
	if len(cfg.ClientOrigins) > 0 {
		router.Use(s.cors())
	}
	router.NoRoute(s.refuse(errNotFound))
	router.NoMethod(s.refuse(errMethodNotAllowed))
	s.routes(router)
	return router, nil
}

func (s *server) routes(router *gin.Engine) {
	users := router.Group("/api/v1/users", carry(noStore))
	users.POST("/register", s.answer(s.admitted(s.decoded(accepts{fields: registerFields, files: imageFields}, s.register))))
	users.POST("/login", s.handle(accepts{fields: []string{"email", "username", "password"}}, s.login))
	users.POST("/refresh-token", s.handle(accepts{fields: []string{"refreshToken"}}, s.refresh))
	users.POST("/logout", s.handle(accepts{fields: []string{"refreshToken"}, lenient: true}, s.logout))

	users.GET("/me", s.authenticated(accepts{}, s.me))
	users.PATCH("/me", s.authenticated(accepts{fields: profileFields}, s.updateProfile))
	users.PATCH("/me/avatar", s.authenticated(accepts{files: []string{"avatar"}}, s.changeAvatar))
	users.PATCH("/me/cover-image", s.authenticated(accepts{files: []string{"coverImage"}}, s.changeCoverImage))
	users.DELETE("/me", s.authenticated(accepts{fields: []string{"password"}}, s.deleteAccount))
	users.POST("/change-password", s.authenticated(accepts{fields: []string{"oldPassword", "newPassword"}}, s.changePassword))

	users.GET("/sessions", s.authenticated(accepts{}, s.listSessions))
	users.DELETE("/sessions", s.authenticated(accepts{}, s.endSessions))
	users.DELETE("/sessions/:id", s.authenticated(accepts{}, s.endSession))

	s.oauthRoutes(router)
	s.metadataRoutes(router)

	read := []string{http.MethodGet, http.MethodHead}
	router.Match(read, "/healthz", s.healthz)
	router.Match(read, "/readyz", s.readyz)
	for pattern, page := range s.Pages {
		router.Match(read, pattern, s.page(page))
	}
}
