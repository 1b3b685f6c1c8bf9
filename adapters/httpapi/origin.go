package httpapi

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

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
		if isPreflight(c.Request) {
			c.Abort()
		}
	}
}

// isPreflight reports whether a browser asks what a page of another origin may do (Fetch, "CORS-preflight fetch").
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

// refuseOtherOrigins is the guard against cross-site request forgery: it refuses a state-changing request that a browser
// sends from another origin than the service's own and the front ends', and what the browser asks before, so that who has
// forgotten an origin in CLIENT_URL reads of it.
func (s *server) refuseOtherOrigins() (gin.HandlerFunc, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range s.ClientOrigins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("client origin: %w", err)
		}
	}
	return func(c *gin.Context) {
		origins := c.Request.Header["Origin"]
		stranger := isPreflight(c.Request) && !slices.Contains(s.ClientOrigins, strings.Join(origins, ","))
		if stranger || protection.Check(c.Request) != nil || s.isImpostor(origins) {
			s.fail(c, errForbiddenOrigin)
		}
	}, nil
}

// isImpostor finds what protection lets pass, since it compares no more than an origin's host with the service's: what
// no browser sends as an origin, and the service's own host by http where the service is at https. Who is between a
// browser and an http address says there what they like.
func (s *server) isImpostor(origins []string) bool {
	if len(origins) == 0 || slices.Equal(origins, []string{"null"}) {
		return false
	}
	u, err := url.Parse(origins[0])
	if len(origins) > 1 || err != nil || u.Scheme+"://"+u.Host != origins[0] {
		return true
	}
	return s.PublicURL.Scheme == "https" && u.Scheme == "http" && u.Host == strings.ToLower(s.PublicURL.Host) &&
		!slices.Contains(s.ClientOrigins, origins[0])
}
