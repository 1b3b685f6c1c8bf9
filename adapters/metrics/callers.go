package metrics

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.Callers = (*callers)(nil)

type callers struct {
	next ports.Callers
	read *operation
}

// Callers is next, timed and counted.
func (m *Metrics) Callers(next ports.Callers) ports.Callers {
	return &callers{next, m.stores.operation("callers", "read")}
}

// Caller implements ports.Callers.
func (c *callers) Caller(ctx context.Context, userID domain.UserID, id domain.SessionID) (session domain.Session, user domain.User, err error) {
	began := time.Now()
	session, user, err = c.next.Caller(ctx, userID, id)
	c.read.done(began, err)
	return session, user, err
}
