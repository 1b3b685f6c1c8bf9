package attack_test

import (
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// httpSmuggled is a request that is to come out of the body of another, so that whoever stands before the service neither
// sees it nor checks it, or takes its answer for somebody else's.
const httpSmuggled = "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-ID: smuggled\r\n\r\n"

// httpLast is the request that ends a connection which is still open.
const httpLast = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

// httpSmuggling is what two readers may take for one request or for two. In each, the second begins where one of the
// headers says that the body ends.
var httpSmuggling = map[string]string{
	"a length and chunks":         "Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"chunks and a length":         "Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n",
	"chunks and a short length":   "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"two lengths":                 "Content-Length: 0\r\nContent-Length: %d\r\n\r\n",
	"two lengths, turned":         "Content-Length: %d\r\nContent-Length: 0\r\n\r\n",
	"two lengths in one":          "Content-Length: 0, %d\r\n\r\n",
	"a length with a sign":        "Content-Length: +0\r\n\r\n",
	"a negative length":           "Content-Length: -1\r\n\r\n",
	"a length in hexadecimal":     "Content-Length: 0x0\r\n\r\n",
	"a length with a blank":       "Content-Length : %d\r\n\r\n",
	"an empty length":             "Content-Length: \r\n\r\n",
	"a length too large":          "Content-Length: 99999999999999999999\r\n\r\n",
	"a coding with a blank":       "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
	"a coding with a tab":         "Transfer-Encoding:\tchunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
	"a coding with a control":     "Transfer-Encoding: \x0bchunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
	"a coding in quotes":          "Transfer-Encoding: \"chunked\"\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
	"a coding nobody knows":       "Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
	"two codings":                 "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
	"two codings in one":          "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
	"the coding twice":            "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
	"a coding in a folded line":   "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n",
	"a folded coding":             "Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
	"a coding behind a return":    "X: y\rTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n",
	"a header without a colon":    "Transfer-Encoding\r\nContent-Length: 0\r\n\r\n",
	"a name with a control":       "Transfer-Encoding\x00: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
	"a size that is no number":    "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
	"a size with a sign":          "Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n",
	"a size in hexadecimal":       "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
	"a size that overflows":       "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n0\r\n\r\n",
	"a chunk with an extension":   "Transfer-Encoding: chunked\r\n\r\n0;a=\"\r\n\r\n",
	"an extension and a line":     "Transfer-Encoding: chunked\r\n\r\n0;\n\r\n",
	"lines without a return":      "Transfer-Encoding: chunked\r\n\r\n0\n\n",
	"a chunk longer than it is":   "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
	"a length in the trailer":     "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 0\r\n\r\n",
	"a length that goes by hop":   "Connection: Content-Length\r\nContent-Length: %d\r\n\r\n",
	"an upgrade":                  "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: %d\r\n\r\n",
	"a body that nobody reads":    "Content-Length: %d\r\n\r\n",
	"a body that is expected":     "Expect: 100-continue\r\nContent-Length: %d\r\n\r\n",
	"an expectation nobody knows": "Expect: smuggling\r\nContent-Length: 0\r\n\r\n",
}

// httpTwoInOne sends every case to every kind of route, each over a connection of its own, all at once: net/http takes its
// time to close a connection that it refuses.
func httpTwoInOne(t *testing.T, check func(t *testing.T, request string)) {
	lines := []string{
		"POST " + httpUsers + "/login HTTP/1.1", "POST " + httpUsers + "/login HTTP/1.0\r\nConnection: keep-alive", "POST " + httpUsers + "/logout HTTP/1.1",
		"DELETE " + httpUsers + "/me HTTP/1.1", "GET /healthz HTTP/1.1", "POST /nothing HTTP/1.1",
	}
	t.Run("all", func(t *testing.T) {
		for name, headers := range httpSmuggling {
			if strings.Contains(headers, "%d") {
				headers = fmt.Sprintf(headers, len(httpSmuggled)+5*strings.Count(headers, "0\r\n\r\n"))
			}
			for _, line := range lines {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					check(t, line+"\r\nHost: x\r\nContent-Type: application/json\r\n"+headers+httpSmuggled+httpLast)
				})
			}
		}
	})
}

// TestHTTPSmuggling: bytes that a proxy may take for one request and the service for two. Lost would be whatever the
// proxy keeps out, and the answers of whoever uses the same connection next.
func TestHTTPSmuggling(t *testing.T) {
	h := httpOpen(t)
	httpTwoInOne(t, func(t *testing.T, request string) {
		for i, a := range h.raw(t, request) {
			if strings.Contains(fmt.Sprint(a.header), "smuggled") {
				t.Errorf("answer %d is to a second request in %q", i, request)
			}
		}
	})
	if seen := h.Log.Lines(t, "request", "smuggled"); len(seen) > 0 {
		t.Errorf("the service saw %d smuggled requests", len(seen))
	}
	h.unharmed(t)
}

// TestHTTPSmugglingPastAProxy: the same through a reverse proxy, which keeps its connections for others.
func TestHTTPSmugglingPastAProxy(t *testing.T) {
	h := httpOpen(t)
	to, err := url.Parse(h.URL)
	httpMust(t, err)
	reverse := httputil.NewSingleHostReverseProxy(to)
	reverse.ErrorLog = log.New(io.Discard, "", 0)
	proxy := httptest.NewServer(reverse)
	defer proxy.Close()
	httpTwoInOne(t, func(t *testing.T, request string) {
		for _, a := range httpRaw(t, proxy.URL, request) {
			a.empty(t, h.alice)
			if a.header.Get("X-Request-Id") != "" {
				a.sane(t)
			}
		}
		for _, a := range httpRaw(t, proxy.URL, "GET "+httpUsers+"/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") {
			if a.code() != "token_missing" {
				t.Errorf("the next visitor gets %d %s", a.status, a.body)
			}
		}
	})
	h.unharmed(t)
}
