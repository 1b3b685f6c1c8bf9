package wiring

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/metrics"
	"github.com/latchkey-auth/latchkey/cmd/config"
)

// visit asks the operator's listener, at an address of that setting, for a page.
func visit(at config.Address, url string, header http.Header) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, url, nil)
	request.Header = header
	answer := httptest.NewRecorder()
	operatorPages(metrics.New(), at).ServeHTTP(answer, request)
	return answer
}

// TestOperatorPagesByOtherNames: a name that somebody else has led here (DNS rebinding) opens nothing.
func TestOperatorPagesByOtherNames(t *testing.T) {
	for host, want := range map[string]int{
		"127.0.0.1:8001": 200, "10.1.2.3": 200, "[::1]:8001": 200, "[::1]": 200, "localhost:8001": 200, "LOCALHOST": 200, "ops.example.org:9000": 200, "OPS.example.org": 200,
		"evil.example.com:8001": 403, "localhost.example.com": 403, "127.0.0.1.example.com": 403, "ops.example.org.example.com": 403, "example.org": 403,
	} {
		for _, path := range []string{"/metrics", "/debug/pprof/cmdline", "/"} {
			answer := visit("ops.example.org:8001", "http://"+host+path, nil)
			if answer.Code != want || want == 403 && !strings.Contains(answer.Body.String(), "OPERATOR_ADDR") {
				t.Errorf("%s at %s: %d %s", path, host, answer.Code, answer.Body)
			}
		}
	}
	for _, at := range []config.Address{":8001", ""} {
		request := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		request.Host = ""
		answer := httptest.NewRecorder()
		operatorPages(metrics.New(), at).ServeHTTP(answer, request)
		if answer.Code != 403 {
			t.Errorf("no name at all, at %q: %d", at, answer.Code)
		}
	}
}

// TestOperatorPagesForOtherSites: a page that the operator looks at elsewhere starts no profile.
func TestOperatorPagesForOtherSites(t *testing.T) {
	for site, want := range map[string]int{"cross-site": 403, "none": 200, "same-origin": 200, "": 200} {
		answer := visit("127.0.0.1:8001", "http://127.0.0.1:8001/debug/pprof/cmdline", http.Header{"Sec-Fetch-Site": {site}})
		if answer.Code != want {
			t.Errorf("%q: %d %s", site, answer.Code, answer.Body)
		}
	}
}

func TestOperatorPagesAreListed(t *testing.T) {
	answer := visit("127.0.0.1:8001", "http://127.0.0.1:8001/", nil)
	for line := range strings.Lines(answer.Body.String()) {
		path := strings.TrimSpace(line)
		if page := visit("127.0.0.1:8001", "http://127.0.0.1:8001"+path, nil); page.Code != 200 {
			t.Errorf("%s: %d", path, page.Code)
		}
	}
	if answer.Code != 200 || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/plain") || strings.Count(answer.Body.String(), "\n") != 3 {
		t.Errorf("the list is %d %s", answer.Code, answer.Body)
	}
	if unknown := visit("127.0.0.1:8001", "http://127.0.0.1:8001/favicon.ico", nil); unknown.Code != 404 {
		t.Errorf("an unknown page: %d", unknown.Code)
	}
}
