// Package tracing tells OpenTelemetry where the time of each request goes: a span for the request, by its route, and
// below it one for each call of a store and each hash. Spans hold no name, no address, no id of anybody, and no secret.
package tracing

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// name is that of the service, unless OTEL_SERVICE_NAME says otherwise, and of whoever makes its spans.
const name = "latchkey"

// ErrAttributes says that OTEL_RESOURCE_ATTRIBUTES cannot be read. OpenTelemetry would show what it says.
var ErrAttributes = errors.New("OTEL_RESOURCE_ATTRIBUTES cannot be read")

// closeTimeout bounds how long the last spans may take to be sent.
const closeTimeout = 5 * time.Second

// Config says where spans go.
type Config struct {
	// Endpoint is the base URL of a collector, as OTEL_EXPORTER_OTLP_ENDPOINT has it.
	Endpoint *url.URL
	// Header goes with every batch.
	Header http.Header
	// TrustedProxies may say which trace a request belongs to.
	TrustedProxies []netip.Prefix
	// Logger is told when spans cannot be sent.
	Logger *slog.Logger
}

// Tracer makes spans. What it watches, it stands before as what it watches; a nil Tracer stands before nothing.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	proxies  []netip.Prefix
	log      *slog.Logger
}

// New makes a Tracer, which sends spans in batches, beside the requests. Where they cannot be sent, or come faster than
// they can be, they are dropped. OpenTelemetry's own variables for sampling, batches and the resource hold; the error may
// be ErrAttributes.
func New(ctx context.Context, c Config) (*Tracer, error) {
	return newTracer(ctx, newClient(c), c.TrustedProxies)
}

func newTracer(ctx context.Context, to *client, proxies []netip.Prefix) (*Tracer, error) {
	about, err := resource.New(ctx, resource.WithAttributes(semconv.ServiceName(name)), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if errors.Is(err, resource.ErrPartialResource) {
		return nil, ErrAttributes
	}
	if err != nil {
		return nil, err
	}
	provider := sdk.NewTracerProvider(sdk.WithBatcher(otlptrace.NewUnstarted(to)), sdk.WithResource(about))
	return &Tracer{provider, provider.Tracer(name), proxies, to.log}, nil
}

// Close sends the spans that are left.
func (t *Tracer) Close() {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		t.log.Warn("the last traces were not sent", "error", err.Error())
	}
}
