package tracing

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.TokenStore = (*sessions)(nil)

type sessions struct {
	next                                      ports.TokenStore
	create, get, update, byUser, deleteByUser operation
}

// Sessions is next, in an engine such as "redis", with a span for each call.
func (t *Tracer) Sessions(engine string, next ports.TokenStore) ports.TokenStore {
	if t == nil {
		return next
	}
	of := func(name string) operation { return t.operation(engine, "sessions", name) }
	return &sessions{next, of("create"), of("get"), of("update"), of("by_user"), of("delete_by_user")}
}

// Create implements ports.TokenStore.
func (t *sessions) Create(ctx context.Context, s domain.Session) error {
	ctx, span := t.create.begin(ctx)
	err := t.next.Create(ctx, s)
	done(span, err)
	return err
}

// Get implements ports.TokenStore.
func (t *sessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	ctx, span := t.get.begin(ctx)
	session, err := t.next.Get(ctx, userID, id)
	done(span, err)
	return session, err
}

// Update implements ports.TokenStore.
func (t *sessions) Update(ctx context.Context, s domain.Session) error {
	ctx, span := t.update.begin(ctx)
	err := t.next.Update(ctx, s)
	done(span, err)
	return err
}

// ByUser implements ports.TokenStore.
func (t *sessions) ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
	ctx, span := t.byUser.begin(ctx)
	all, err := t.next.ByUser(ctx, userID)
	done(span, err)
	return all, err
}

// DeleteByUser implements ports.TokenStore.
func (t *sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	ctx, span := t.deleteByUser.begin(ctx)
	err := t.next.DeleteByUser(ctx, userID)
	done(span, err)
	return err
}
