package tracing

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/trace"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.PasswordHasher = (*hasher)(nil)

type hasher struct {
	next         ports.PasswordHasher
	hash, verify operation
}

// Hasher is next, with a span for each hash, the wait for a worker included.
func (t *Tracer) Hasher(next ports.PasswordHasher) ports.PasswordHasher {
	if t == nil {
		return next
	}
	return &hasher{next, operation{t.tracer, "password hash", nil}, operation{t.tracer, "password verify", nil}}
}

// Hash implements ports.PasswordHasher.
func (h *hasher) Hash(ctx context.Context, network string, password domain.Password) (domain.Secret, error) {
	ctx, span := h.hash.begin(ctx)
	hash, err := h.next.Hash(ctx, network, password)
	hashed(span, err)
	return hash, err
}

// Verify implements ports.PasswordHasher.
func (h *hasher) Verify(ctx context.Context, network string, password domain.Password, hash domain.Secret) (ok, outdated bool, err error) {
	ctx, span := h.verify.begin(ctx)
	ok, outdated, err = h.next.Verify(ctx, network, password, hash)
	hashed(span, err)
	return ok, outdated, err
}

// hashed ends the span of a hash. That hashing is busy is a fault of ours; that a password is too long is none.
func hashed(span trace.Span, err error) {
	known, ok := errors.AsType[*domain.Error](err)
	switch {
	case ok && known.Code == domain.CodeBusy:
		end(span, string(known.Code), true)
	case ok && known.Code == domain.CodeValidationFailed:
		end(span, string(known.Code), false)
	default:
		done(span, err)
	}
}
