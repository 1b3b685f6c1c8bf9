package program_test

import (
	"bytes"
	"net/http"
	"slices"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/latchkey-auth/latchkey/tests/collector"
)

// TestTracesAreSent, the last ones too, in the name that OpenTelemetry's own variable gives.
func TestTracesAreSent(t *testing.T) {
	to := collector.Open(t)
	p := serve(t, t.TempDir(), settings{"OTEL_EXPORTER_OTLP_ENDPOINT": to.URL, "OTEL_SERVICE_NAME": "people-of-ours"})
	p.isReady(t)
	p.stop(t)
	isReady := func(s *tracepb.Span) bool { return s.Name == "GET /readyz" }
	if !slices.ContainsFunc(to.Spans(), isReady) || !bytes.Contains(to.Bytes(), []byte("people-of-ours")) {
		t.Errorf("the collector got %v", to.Spans())
	}
}

// TestACollectorThatIsNotThere costs a line of the log, and nothing else.
func TestACollectorThatIsNotThere(t *testing.T) {
	p := serve(t, t.TempDir(), settings{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://" + free(t)})
	p.isReady(t)
	p.stop(t)
	if lines := p.logged("traces cannot be sent, and are dropped until they can be"); len(lines) != 1 {
		t.Errorf("the log is %v", p.log)
	}
}

func (p *process) isReady(t *testing.T) {
	t.Helper()
	answer, err := http.Get(p.base + "/readyz")
	must(t, err)
	must(t, answer.Body.Close())
	if answer.StatusCode != http.StatusOK {
		t.Errorf("/readyz answers %s", answer.Status)
	}
}
