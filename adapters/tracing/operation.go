package tracing

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/latchkey-auth/latchkey/ports"
)

// outcomeKey is how a call ended that did not end well.
const outcomeKey = attribute.Key("latchkey.outcome")

// operation is a kind of call, with everything that its spans have in common.
type operation struct {
	tracer  trace.Tracer
	name    string
	options []trace.SpanStartOption
}

// operation is a call of a store in an engine, such as "redis".
func (t *Tracer) operation(engine, store, name string) operation {
	return operation{t.tracer, store + " " + name, []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(semconv.DBSystemNameKey.String(engine), semconv.DBOperationName(name)),
	}}
}

func (o operation) begin(ctx context.Context) (context.Context, trace.Span) {
	return o.tracer.Start(ctx, o.name, o.options...)
}

// done ends the span of a store's call. What the error says stays here: it may quote what was stored.
func done(span trace.Span, err error) {
	outcome := ports.OutcomeOf(err)
	if outcome != ports.OutcomeOK {
		end(span, outcome.String(), outcome.Fault())
		return
	}
	span.End()
}

// end ends the span of a call that did not end well.
func end(span trace.Span, outcome string, fault bool) {
	span.SetAttributes(outcomeKey.String(outcome))
	if fault {
		span.SetAttributes(semconv.ErrorTypeKey.String(outcome))
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
