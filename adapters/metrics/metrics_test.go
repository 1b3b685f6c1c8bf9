package metrics_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/metrics"
)

func TestRequestsAreCountedByMethodRouteAndStatus(t *testing.T) {
	m := metrics.New()
	m.ObserveRequest("GET", "/me", 200, time.Millisecond)
	m.ObserveRequest("GET", "/me", 200, time.Millisecond)
	m.ObserveRequest("SPAM1", "", 405, time.Millisecond)
	m.ObserveRequest("SPAM2", "", 405, time.Millisecond)
	answer := httptest.NewRecorder()
	m.ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`latchkey_http_request_duration_seconds_count{method="GET",route="/me",status="200"} 2`,
		`latchkey_http_request_duration_seconds_count{method="other",route="",status="405"} 2`,
		"go_goroutines",
	} {
		if !strings.Contains(answer.Body.String(), want) {
			t.Errorf("the figures lack %s", want)
		}
	}
}
