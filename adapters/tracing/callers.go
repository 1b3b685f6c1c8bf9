package tracing

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.Callers = (*callers)(nil)

type callers struct {
	next ports.Callers
	read operation
}

// Callers is next, in an engine such as "redis", with a span for each call.
func (t *Tracer) Callers(engine string, next ports.Callers) ports.Callers {
	if t == nil {
		return next
	}
	return &callers{next, t.operation(engine, "callers", "read")}
}

// Caller implements ports.Callers.
func (c *callers) Caller(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, domain.User, error) {
	ctx, span := c.read.begin(ctx)
	session, user, err := c.next.Caller(ctx, userID, id)
	done(span, err)
	return session, user, err
}
