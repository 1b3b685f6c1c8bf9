package wiring

import (
	"net/http"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/adapters/web"
)

// pages is what is served beside the API, by Gin's patterns.
func pages(keys *jwt.Keyring, images http.Handler) map[string]http.Handler {
	all := map[string]http.Handler{"/.well-known/jwks.json": keys}
	if images != nil {
		all["/images/:name"] = images
	}
	site := web.New()
	for _, path := range site.Paths() {
		all[path] = site
	}
	return all
}
