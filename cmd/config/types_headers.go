package config

import (
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/latchkey-auth/latchkey/domain"
)

// Headers are headers of HTTP by their names. Their values hide themselves: one is a key, as a rule.
type Headers map[string]domain.Secret

// UnmarshalText parses as OpenTelemetry has it: names and percent-encoded values, separated by commas.
func (h *Headers) UnmarshalText(text []byte) error {
	*h = Headers{}
	for _, item := range list(text) {
		name, value, found := strings.Cut(item, "=")
		name = strings.TrimSpace(name)
		decoded, err := url.PathUnescape(strings.TrimSpace(value))
		if !found || err != nil || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(decoded) {
			return errWrong
		}
		(*h)[name] = domain.NewSecret(decoded)
	}
	return orWrong(len(*h) > 0)
}

// HTTP is the headers for net/http.
func (h Headers) HTTP() http.Header {
	all := http.Header{}
	for name, value := range h {
		all.Set(name, value.Reveal())
	}
	return all
}
