package tracing

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// answerer is a collector that answers as it is told, by a status or an error.
type answerer func(*http.Request) (*http.Response, error)

func (a answerer) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

func status(code int) answerer {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: code, Status: http.StatusText(code), Body: io.NopCloser(strings.NewReader("it says more"))}, nil
	}
}

func clientOf(t *testing.T, log *bytes.Buffer) *client {
	t.Helper()
	endpoint, err := url.Parse("http://collector.example.org:4318/base/")
	if err != nil {
		t.Fatal(err)
	}
	return newClient(Config{Endpoint: endpoint, Header: http.Header{"X-Key": {"the key"}}, Logger: slog.New(slog.NewTextHandler(log, nil))})
}

// TestACollectorThatFailsIsALineOfTheLog, and one when it works again, however many batches are lost.
func TestACollectorThatFailsIsALineOfTheLog(t *testing.T) {
	var log bytes.Buffer
	c := clientOf(t, &log)
	for _, answer := range []answerer{
		status(200), status(503), func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }, status(400), status(202), status(200),
	} {
		c.http.Transport = answer
		if err := c.UploadTraces(t.Context(), []*tracepb.ResourceSpans{{}}); err != nil {
			t.Errorf("somebody else is told: %v", err)
		}
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "base/v1/traces answers Service Unavailable") || !strings.Contains(lines[1], "sent again") {
		t.Errorf("the log has %q", lines)
	}
	if strings.Contains(log.String(), "the key") || strings.Contains(log.String(), "it says more") {
		t.Errorf("the log has %s", &log)
	}
}

// TestAPasswordInTheEndpointIsNotLogged, whether the collector refuses or cannot be reached.
func TestAPasswordInTheEndpointIsNotLogged(t *testing.T) {
	for name, answer := range map[string]answerer{
		"refuses": status(401), "is away": func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
	} {
		var log bytes.Buffer
		endpoint := &url.URL{Scheme: "http", Host: "collector.example.org", User: url.UserPassword("ann", "hunter2")}
		c := newClient(Config{Endpoint: endpoint, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		c.http.Transport = answer
		_ = c.UploadTraces(t.Context(), nil)
		if told := log.String(); strings.Contains(told, "hunter2") || !strings.Contains(told, "collector.example.org/v1/traces") {
			t.Errorf("of a collector that %s the log has %s", name, told)
		}
	}
}

// TestTheHeaderGoesNowhereElse: a collector that sends us on does not get our key sent on.
func TestTheHeaderGoesNowhereElse(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("elsewhere got %v", r.Header) }))
	defer elsewhere.Close()
	here := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer here.Close()
	var log bytes.Buffer
	c := clientOf(t, &log)
	c.url = here.URL
	_ = c.UploadTraces(t.Context(), nil)
	if !strings.Contains(log.String(), "307") {
		t.Errorf("the log has %s", &log)
	}
}

// TestACollectorThatHangsHoldsNobody: neither requests, nor, for long, the end of the process.
func TestACollectorThatHangsHoldsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := clientOf(t, &log)
		c.http.Transport = answerer(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		tracer, err := newTracer(t.Context(), c, nil)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for range 10_000 {
			_, end := tracer.Request(httptest.NewRequest("GET", "/healthz", nil), "GET", "/healthz")
			end(http.StatusOK)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("requests waited %v", took)
		}
		tracer.Close()
		if took := time.Since(began); took > closeTimeout {
			t.Errorf("the end took %v", took)
		}
		synctest.Wait()
		time.Sleep(time.Minute) // for what is still being given up
	})
}
