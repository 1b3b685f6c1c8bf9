package httpapi

import (
	"maps"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

// protectiveHeaders are what every answer carries, whoever gives it: a route, a page, a refusal, or a panic. Should an
// answer be taken for a page all the same, nothing in it runs and nobody frames it; another origin that embeds it does
// not get it into its memory. Pages and images replace what is other for them, and add what only pages need.
func protectiveHeaders(public *url.URL) http.Header {
	h := http.Header{
		"X-Content-Type-Options":       {"nosniff"},
		"Content-Security-Policy":      {"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Referrer-Policy":              {"no-referrer"},
	}
	if public.Scheme == "https" {
		// A year, for this host alone: what is below it may be somebody else's, and might not speak https.
		h["Strict-Transport-Security"] = []string{"max-age=31536000"}
	}
	return h
}

// noStore keeps answers with personal data out of caches (RFC 9111, section 5.2.2.5).
var noStore = http.Header{"Cache-Control": {"no-store"}}

// carry has every answer carry headers. Their values are shared: nobody changes them in place.
func carry(headers http.Header) gin.HandlerFunc {
	return func(c *gin.Context) { maps.Copy(c.Writer.Header(), headers) }
}
