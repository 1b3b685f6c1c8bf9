package tracing_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/latchkey-auth/latchkey/tests/collector"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// serve runs a service that is traced, lets somebody use it, and stops it, which sends what is left.
func serve(t *testing.T, settings map[string]string, use func(context.Context, *world.World)) {
	t.Helper()
	settings["DATA_DIR"] = t.TempDir()
	w, stop, err := world.Start(t.Context(), world.CheapHashing, settings)
	if err != nil {
		t.Fatal(err)
	}
	use(t.Context(), w)
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// asAda registers, fails to sign in, signs in, refreshes and asks who she is.
func asAda(t *testing.T) func(context.Context, *world.World) {
	return func(ctx context.Context, w *world.World) {
		service := scenario.HTTP(w.Client, w.URL)
		_, err := service.Register(ctx, scenario.Registration{Email: "ada@example.org", Username: "adalove", Password: "correct horse battery"})
		must(t, err)
		_, err = service.Login(ctx, scenario.Credentials{Email: "nobody@example.org", Password: "wrong"})
		if _, refused := errors.AsType[*scenario.Failure](err); !refused {
			t.Fatal(err)
		}
		in, err := service.Login(ctx, scenario.Credentials{Username: "adalove", Password: "correct horse battery"})
		must(t, err)
		next, err := service.Refresh(ctx, in.RefreshToken)
		must(t, err)
		_, err = service.Me(ctx, next.AccessToken)
		must(t, err)
	}
}

// TestRequestsAreTraced down to stores and hashes, by their routes.
func TestRequestsAreTraced(t *testing.T) {
	to := collector.Open(t)
	serve(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to.URL, "OTEL_EXPORTER_OTLP_HEADERS": "X-Key=a%20key, other=1"}, asAda(t))
	told := describe(to.Spans())
	for _, want := range []string{
		"POST /api/v1/users/register: http.request.method=POST http.response.status_code=201 http.route=/api/v1/users/register",
		"POST /api/v1/users/register > password hash:",
		"POST /api/v1/users/register > users create: db.operation.name=create db.system.name=sqlite",
		"POST /api/v1/users/login: http.request.method=POST http.response.status_code=401 http.route=/api/v1/users/login",
		"POST /api/v1/users/login > users by_login: db.operation.name=by_login db.system.name=sqlite latchkey.outcome=not_found",
		"POST /api/v1/users/login > password verify:",
		"POST /api/v1/users/login > sessions create: db.operation.name=create db.system.name=sqlite",
		"POST /api/v1/users/refresh-token > sessions update: db.operation.name=update db.system.name=sqlite",
		"GET /api/v1/users/me > callers read: db.operation.name=read db.system.name=sqlite",
	} {
		if !slices.Contains(told, want) {
			t.Errorf("there is no span %s", want)
		}
	}
	if t.Failed() {
		t.Logf("there are\n%s", strings.Join(told, "\n"))
	}
	if h := to.Header(); h.Get("X-Key") != "a key" || h.Get("Other") != "1" {
		t.Error("the headers of the settings did not come")
	}
}

// TestTracesTellNothingOfPeople, nor what clients make up.
func TestTracesTellNothingOfPeople(t *testing.T) {
	to := collector.Open(t)
	serve(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to.URL}, func(ctx context.Context, w *world.World) {
		asAda(t)(ctx, w)
		send(t, w, "MADEUP", "/made-up-path", http.Header{"Tracestate": {"vendor=made-up-state"}, "Baggage": {"made=up-baggage"}, "User-Agent": {"made-up-agent"}, "X-Request-Id": {"made-up-id"}})
		send(t, w, "DELETE", "/api/v1/users/sessions/made-up-session", nil)
	})
	told := string(to.Bytes())
	for _, secret := range []string{"ada", "nobody", "example.org", "correct horse", "wrong", "127.0.0.1", "MADEUP", "made-up", "up-baggage", hostname(t)} {
		if strings.Contains(told, secret) {
			t.Errorf("the traces hold %q", secret)
		}
	}
	for _, want := range []string{"HTTP: http.request.method=_OTHER http.response.status_code=404", "DELETE /api/v1/users/sessions/:id: http.request.method=DELETE http.response.status_code=401 http.route=/api/v1/users/sessions/:id"} {
		if !slices.Contains(describe(to.Spans()), want) {
			t.Errorf("there is no span %s in %q", want, describe(to.Spans()))
		}
	}
}

// The ids of traces and of a span of somebody else's.
const trace, other, parent = "0af7651916cd43dd8448eb211c80319c", "1af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"

// TestTracesOfProxiesAreContinued, as W3C Trace Context has it: one that is sampled, and one that is not.
func TestTracesOfProxiesAreContinued(t *testing.T) {
	to := collector.Open(t)
	serve(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to.URL, "TRUSTED_PROXIES": "127.0.0.0/8,::1"}, func(_ context.Context, w *world.World) {
		send(t, w, "GET", "/healthz", http.Header{"Traceparent": {"00-" + trace + "-" + parent + "-01"}, "Tracestate": {"vendor=state"}})
		send(t, w, "GET", "/healthz", http.Header{"Traceparent": {"00-" + other + "-" + parent + "-00"}})
		send(t, w, "GET", "/healthz", http.Header{"Traceparent": {"00-" + trace + "-nonsense-01"}})
	})
	spans := to.Spans()
	if len(spans) != 2 {
		t.Fatalf("%d spans came", len(spans))
	}
	if s := spans[0]; hex.EncodeToString(s.TraceId) != trace || hex.EncodeToString(s.ParentSpanId) != parent || s.TraceState != "" {
		t.Errorf("the proxy's trace is not continued: %v", s)
	}
	if s := spans[1]; hex.EncodeToString(s.TraceId) == trace || len(s.ParentSpanId) != 0 {
		t.Errorf("nonsense is believed: %v", s)
	}
}

// TestTracesOfStrangersAreLinkedTo, be they sampled or not: what is sampled here, we say.
func TestTracesOfStrangersAreLinkedTo(t *testing.T) {
	to := collector.Open(t)
	serve(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to.URL, "TRUSTED_PROXIES": "10.0.0.0/8"}, func(_ context.Context, w *world.World) {
		send(t, w, "GET", "/healthz", http.Header{"Traceparent": {"00-" + trace + "-" + parent + "-01"}})
		send(t, w, "GET", "/healthz", http.Header{"Traceparent": {"00-" + trace + "-" + parent + "-00"}})
		send(t, w, "GET", "/healthz", nil)
	})
	spans := to.Spans()
	if len(spans) != 3 {
		t.Fatalf("%d spans came", len(spans))
	}
	for i, s := range spans {
		if hex.EncodeToString(s.TraceId) == trace || len(s.ParentSpanId) != 0 {
			t.Errorf("a stranger's trace is continued: %v", s)
		}
		if i == 2 {
			if len(s.Links) != 0 {
				t.Errorf("there is a link to nothing: %v", s)
			}
			continue
		}
		if len(s.Links) != 1 || hex.EncodeToString(s.Links[0].TraceId) != trace || hex.EncodeToString(s.Links[0].SpanId) != parent {
			t.Errorf("a stranger's trace is not linked to: %v", s)
		}
	}
}

// TestStrangersHaveNothingSampled that is not to be.
func TestStrangersHaveNothingSampled(t *testing.T) {
	t.Setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
	t.Setenv("OTEL_TRACES_SAMPLER_ARG", "0")
	to := collector.Open(t)
	serve(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to.URL}, func(_ context.Context, w *world.World) {
		send(t, w, "GET", "/healthz", http.Header{"Traceparent": {"00-" + trace + "-" + parent + "-01"}})
	})
	if spans := to.Spans(); len(spans) != 0 {
		t.Errorf("a stranger had spans sent: %v", spans)
	}
}

// send sends a request, whatever the answer.
func send(t *testing.T, w *world.World, method, path string, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, nil)
	must(t, err)
	if header != nil {
		r.Header = header
	}
	answer, err := w.Client.Do(r)
	must(t, err)
	must(t, answer.Body.Close())
}

// describe is each span with its parent before it and its attributes behind.
func describe(spans []*tracepb.Span) (all []string) {
	names := map[string]string{}
	for _, s := range spans {
		names[string(s.SpanId)] = s.Name
	}
	for _, s := range spans {
		text := s.Name + ":"
		if parent := names[string(s.ParentSpanId)]; parent != "" {
			text = parent + " > " + text
		}
		var attributes []string
		for _, a := range s.Attributes {
			value := a.Value.GetStringValue()
			if value == "" {
				value = fmt.Sprint(a.Value.GetIntValue())
			}
			attributes = append(attributes, " "+a.Key+"="+value)
		}
		slices.Sort(attributes)
		all = append(all, text+strings.Join(attributes, ""))
	}
	return all
}

func hostname(t *testing.T) string {
	t.Helper()
	name, err := os.Hostname()
	must(t, err)
	return name
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
