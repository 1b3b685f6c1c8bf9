package httpapi

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/rs/cors"
)

// cors lets the front ends' origins read answers, with credentials, and nobody else.
func (s *server) cors() gin.HandlerFunc {
	policy := cors.New(cors.Options{
		// Never AllowedOrigins: an empty list of those would mean everybody.
		AllowOriginFunc:  func(origin string) bool { return slices.Contains(s.ClientOrigins, origin) },
		AllowCredentials: true,
		AllowedMethods:   []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodDelete},
		AllowedHeaders:   []string{"*"}, // front ends add their own, and these origins are trusted
		ExposedHeaders:   []string{headerRequestID, "Retry-After"},
		MaxAge:           600,
	})
	return func(c *gin.Context) {
		policy.HandlerFunc(c.Writer, c.Request)
		if c.Request.Method == http.MethodOptions && c.GetHeader("Access-Control-Request-Method") != "" {
			c.Abort()
		}
	}
}

// refuseOtherOrigins is the guard against cross-site request forgery: it refuses a state-changing request that a browser
// sends from another origin than the service's own and the front ends'.
func (s *server) refuseOtherOrigins() (gin.HandlerFunc, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range s.ClientOrigins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("client origin: %w", err)
		}
	}
	return func(c *gin.Context) {
		if protection.Check(c.Request) != nil {
			s.fail(c, errForbiddenOrigin)
		}
	}, nil
}
