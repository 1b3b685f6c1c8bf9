package tracing

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// traceparent is the header by which a client says which trace its request belongs to (W3C Trace Context). Of the
// standard's two headers it is the one with a size: tracestate would bring a stranger's text into every span.
const traceparent = "traceparent"

// Request begins the span of a request. The method is the request's, or another word where the client made it up; the
// route is a pattern, "" for an unknown path. It answers the context to go on in, and what ends the span.
//
// A trusted proxy's trace is continued. A stranger's only has a link: whoever continues a trace has its beginner say
// whether it is sampled, and so could be flooded with spans, or be shown none of an attack.
func (t *Tracer) Request(r *http.Request, method, route string) (_ context.Context, end func(status int)) {
	parent := propagation.MapCarrier{traceparent: r.Header.Get(traceparent)}
	ctx := propagation.TraceContext{}.Extract(r.Context(), parent)
	options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindServer)}
	if !t.trusts(r.RemoteAddr) {
		options = append(options, trace.WithNewRoot(), trace.WithLinks(linksTo(ctx)...))
	}
	title, attributes := method, []attribute.KeyValue{semconv.HTTPRequestMethodKey.String(method)}
	if method != r.Method {
		title, attributes = "HTTP", []attribute.KeyValue{semconv.HTTPRequestMethodOther}
	}
	if route != "" {
		title += " " + route
		attributes = append(attributes, semconv.HTTPRoute(route))
	}
	ctx, span := t.tracer.Start(ctx, title, append(options, trace.WithAttributes(attributes...))...)
	return ctx, func(status int) {
		span.SetAttributes(semconv.HTTPResponseStatusCode(status))
		if status >= http.StatusInternalServerError {
			span.SetAttributes(semconv.ErrorTypeKey.String(strconv.Itoa(status)))
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// trusts reports whether a peer, as net/http names it, is a trusted proxy.
func (t *Tracer) trusts(peer string) bool {
	at, err := netip.ParseAddrPort(peer)
	if err != nil {
		return false
	}
	ip := at.Addr().Unmap().WithZone("")
	return slices.ContainsFunc(t.proxies, func(proxy netip.Prefix) bool { return proxy.Contains(ip) })
}

// linksTo is the link to the span that a context says it is of, if it does.
func linksTo(ctx context.Context) []trace.Link {
	if of := trace.SpanContextFromContext(ctx); of.IsValid() {
		return []trace.Link{{SpanContext: of}}
	}
	return nil
}
