package httpapi

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

const metadataPath = "/.well-known/oauth-authorization-server"

// metadata is what the service says of itself (RFC 8414, section 2): what it serves, and nothing more.
type metadata struct {
	Issuer                   string   `json:"issuer"`
	JWKS                     string   `json:"jwks_uri"`
	Token                    string   `json:"token_endpoint"`
	TokenAuthMethods         []string `json:"token_endpoint_auth_methods_supported"`
	Revocation               string   `json:"revocation_endpoint"`
	RevocationAuthMethods    []string `json:"revocation_endpoint_auth_methods_supported"`
	Introspection            string   `json:"introspection_endpoint,omitempty"`
	IntrospectionAuthMethods []string `json:"introspection_endpoint_auth_methods_supported,omitempty"`
	ResponseTypes            []string `json:"response_types_supported"`
	GrantTypes               []string `json:"grant_types_supported"`
	Documentation            string   `json:"service_documentation"`
}

func (s *server) metadata() metadata {
	at := func(path string) string { return s.PublicURL.JoinPath(path).String() }
	m := metadata{
		Issuer:           s.PublicURL.String(),
		JWKS:             at("/.well-known/jwks.json"),
		Token:            at(tokenPath),
		TokenAuthMethods: []string{"none"},
		Revocation:       at(revocationPath),
		ResponseTypes:    []string{}, // demanded, and there is no authorization endpoint
		GrantTypes:       []string{grantRefreshToken},
		Documentation:    at("/docs"),
	}
	if s.App.AuthenticateClient.Any() {
		m.Introspection = at(introspectionPath)
		m.IntrospectionAuthMethods = []string{"client_secret_basic", "client_secret_post"}
		m.TokenAuthMethods = append(m.TokenAuthMethods, m.IntrospectionAuthMethods...)
	}
	m.RevocationAuthMethods = m.TokenAuthMethods
	return m
}

// metadataRoutes serve the metadata. An issuer with a path is asked for with its path behind the well-known one (section
// 3.1), which is how a proxy passes it on.
func (s *server) metadataRoutes(router *gin.Engine) {
	m, read := s.metadata(), []string{http.MethodGet, http.MethodHead}
	show := func(c *gin.Context) {
		if issuer := c.Param("issuer"); issuer != "" && issuer != s.PublicURL.Path {
			s.fail(c, errNotFound)
			return
		}
		c.Header("Cache-Control", "public, max-age=300")
		c.PureJSON(http.StatusOK, m)
	}
	router.Match(read, metadataPath, show)
	if s.PublicURL.Path != "" {
		router.Match(read, metadataPath+"/*issuer", show)
	}
}
