package wiring

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// operatorAlone keeps pages from those whom the operator's own browser would let in: a site that has led its name to this
// address, and so counts as the same origin (DNS rebinding), and one that sends the browser here.
func operatorAlone(pages http.Handler, at config.Address) http.Handler {
	own := hostname(string(at))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch host := hostname(r.Host); {
		case !isOwn(host, own):
			http.Error(w, "Come by an IP address, by localhost, or by the host that OPERATOR_ADDR names.", http.StatusForbidden)
		case r.Header.Get("Sec-Fetch-Site") == "cross-site":
			http.Error(w, "Another site may not send you here. Type the address, or copy it.", http.StatusForbidden)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

// isOwn reports whether nobody else can have led here whoever came by that host: nobody can lead an address elsewhere.
func isOwn(host, own string) bool {
	if host == "" {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err == nil || strings.EqualFold(host, "localhost") || strings.EqualFold(host, own)
}

// hostname is the host of HOST:PORT, or of HOST.
func hostname(host string) string { return (&url.URL{Host: host}).Hostname() }
