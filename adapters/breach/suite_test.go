package breach

import (
	"crypto/sha1"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestRangeIsBreachedPasswords(t *testing.T) {
	porttest.TestBreachedPasswords(t,
		func(_ *testing.T, leaked []string) ports.BreachedPasswords { return asking(ranges(leaked)) },
		func(*testing.T) ports.BreachedPasswords {
			return asking(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
		})
}

// asking is a Range that asks a handler. No network is between them, so that however slow the machine, nobody is late.
func asking(answer http.HandlerFunc) *Range {
	r := NewRange(&url.URL{Scheme: "https", Host: "api.example", Path: "/range"}, slog.New(slog.DiscardHandler))
	r.transport = handled(answer)
	return r
}

// handled is a transport that has a handler answer.
type handled http.HandlerFunc

func (h handled) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	h(answer, r)
	return answer.Result(), nil
}

// ranges answers as the API would that knows these passwords, and others.
func ranges(leaked []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text(others(3))(w, r)
		for _, password := range leaked {
			digest := fmt.Sprintf("%X", sha1.Sum([]byte(password)))
			if strings.HasSuffix(r.URL.Path, "/"+digest[:prefixDigits]) {
				fmt.Fprintf(w, "%s:1\r\n", digest[prefixDigits:])
			}
		}
	}
}
