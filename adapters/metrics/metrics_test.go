package metrics_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/adapters/metrics"
	"github.com/latchkey-auth/latchkey/app"
)

// figures is what Prometheus is told.
func figures(m *metrics.Metrics) string {
	answer := httptest.NewRecorder()
	m.ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	return answer.Body.String()
}

// tells checks that the figures have these lines.
func tells(t *testing.T, m *metrics.Metrics, lines ...string) {
	t.Helper()
	told := figures(m)
	for _, line := range lines {
		if !strings.Contains(told, "\n"+line+"\n") {
			t.Errorf("the figures lack %s", line)
		}
	}
}

func TestRequestsAreCountedByMethodRouteAndStatus(t *testing.T) {
	m := metrics.New()
	m.ObserveRequest("GET", "/me", 200, time.Millisecond)
	m.ObserveRequest("GET", "/me", 200, time.Millisecond)
	m.ObserveRequest("GET", "/me", 401, time.Millisecond)
	m.ObserveRequest("TRACE", "", 405, time.Millisecond)
	m.ObserveRequest("other", "", 405, time.Millisecond)
	tells(t, m,
		`latchkey_http_request_duration_seconds_count{method="GET",route="/me",status="200"} 2`,
		`latchkey_http_request_duration_seconds_count{method="GET",route="/me",status="401"} 1`,
		`latchkey_http_request_duration_seconds_count{method="TRACE",route="",status="405"} 1`,
		`latchkey_http_request_duration_seconds_count{method="other",route="",status="405"} 1`,
	)
	if told := figures(m); !strings.Contains(told, "go_goroutines") || !strings.Contains(told, "go_build_info") {
		t.Errorf("the figures are %s", told)
	}
}

func TestHashingIsTold(t *testing.T) {
	m := metrics.New()
	m.ObserveHashing(func() metrics.Hashing {
		return metrics.Hashing{Workers: 4, Busy: 3, Waiting: 2, Done: 50, Hashing: 1500 * time.Millisecond, Refused: 7}
	})
	tells(t, m,
		"latchkey_hash_workers 4", "latchkey_hash_workers_busy 3", "latchkey_hash_queue_length 2",
		"latchkey_hash_refused_total 7", "latchkey_hash_duration_seconds_sum 1.5", "latchkey_hash_duration_seconds_count 50",
	)
}

// TestNamesAreAsPrometheusHasThem: units, suffixes and help, by the linter of promtool.
func TestNamesAreAsPrometheusHasThem(t *testing.T) {
	m := metrics.New()
	m.ObserveRequest("GET", "/me", 200, time.Millisecond)
	m.ObserveHashing(func() metrics.Hashing { return metrics.Hashing{} })
	useStores(t, m)
	problems, err := promlint.New(strings.NewReader(figures(m))).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// TestCountingAllocatesNothing: it is done for every request.
func TestCountingAllocatesNothing(t *testing.T) {
	m := metrics.New()
	users := m.Users(answering{})
	sessions, callers := m.Sessions(answering{}.sessions()), m.Callers(app.InTurn(answering{}.sessions(), answering{}))
	ctx := t.Context()
	for what, count := range map[string]func(){
		"a request": func() { m.ObserveRequest("GET", "/api/v1/users/me", 200, time.Millisecond) },
		"an event":  func() { m.Emit(ctx, signedIn) },
		"a user":    func() { _, _ = users.ByID(ctx, "u") },
		"a session": func() { _, _ = sessions.Get(ctx, "u", "s") },
		"a caller":  func() { _, _, _ = callers.Caller(ctx, "u", "s") },
	} {
		if n := testing.AllocsPerRun(100, count); n != 0 {
			t.Errorf("%s: %v allocations", what, n)
		}
	}
}

// useStores does something with each store.
func useStores(t *testing.T, m *metrics.Metrics) {
	t.Helper()
	users, sessions := m.Users(memory.NewUsers()), m.Sessions(memory.NewSessions(time.Now))
	if _, _, err := m.Callers(app.InTurn(sessions, users)).Caller(t.Context(), "u", "s"); err == nil {
		t.Fatal("there is a caller")
	}
}
