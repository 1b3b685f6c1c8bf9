package wiring

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/latchkey-auth/latchkey/adapters/metrics"
	"github.com/latchkey-auth/latchkey/adapters/tracing"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// watch is who looks on while the service works. It stands right before each engine, so that it sees what the engine
// does even where two are read side by side. A nil watch is nobody: commands are not watched.
type watch struct {
	metrics *metrics.Metrics
	tracer  *tracing.Tracer // nil where nobody wants traces
}

func newWatch(ctx context.Context, cfg config.Config, log *slog.Logger) (*watch, error) {
	w := &watch{metrics: metrics.New()}
	if cfg.OTLPEndpoint == nil {
		return w, nil
	}
	var err error
	w.tracer, err = tracing.New(ctx, tracing.Config{
		Endpoint: &cfg.OTLPEndpoint.URL, Header: cfg.OTLPHeaders.HTTP(), TrustedProxies: cfg.TrustedProxies, Logger: log,
	})
	if errors.Is(err, tracing.ErrAttributes) {
		return nil, &config.Error{Name: "OTEL_RESOURCE_ATTRIBUTES", Got: "something else", Takes: "NAME=VALUE, or several such, separated by commas"}
	}
	return w, err
}

func (w *watch) users(at config.StoreURL, next ports.UserRepository) ports.UserRepository {
	if w == nil {
		return next
	}
	return w.metrics.Users(w.tracer.Users(system(at), next))
}

func (w *watch) sessions(at config.StoreURL, next ports.TokenStore) ports.TokenStore {
	if w == nil {
		return next
	}
	return w.metrics.Sessions(w.tracer.Sessions(system(at), next))
}

func (w *watch) callers(at config.StoreURL, next ports.Callers) ports.Callers {
	if w == nil {
		return next
	}
	return w.metrics.Callers(w.tracer.Callers(system(at), next))
}

// requests is what begins the span of a request, nil where nobody wants traces.
func (w *watch) requests() func(r *http.Request, method, route string) (context.Context, func(status int)) {
	if w.tracer == nil {
		return nil
	}
	return w.tracer.Request
}

// system is the name that OpenTelemetry has for the engine at a URL.
func system(at config.StoreURL) string {
	name, _, _ := strings.Cut(at.Scheme(), "+")
	if name == "rediss" {
		return "redis"
	}
	return name
}
