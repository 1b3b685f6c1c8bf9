package mongo

import (
	"context"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var (
	_ ports.UserLister    = (*Users)(nil)
	_ ports.SessionLister = (*Sessions)(nil)
)

// All implements ports.UserLister.
func (r *Users) All(ctx context.Context) iter.Seq2[domain.User, error] {
	return each(ctx, r.store.users, bson.D{}, options.Find(), readUser)
}

// All implements ports.SessionLister.
func (r *Sessions) All(ctx context.Context) iter.Seq2[domain.Session, error] {
	return each(ctx, r.store.sessions, r.kept(), options.Find(), readSession)
}

// each reads the documents that the filter selects, a batch at a time. It goes on after a *ports.UnreadableError. Any
// other error ends it, and comes last.
func each[T any](ctx context.Context, c *driver.Collection, filter bson.D, opts *options.FindOptionsBuilder, read func(bson.Raw) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		cursor, err := c.Find(ctx, filter, opts)
		if err != nil {
			yield(none, translate(ctx, err))
			return
		}
		defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
		for cursor.Next(ctx) {
			if !yield(read(cursor.Current)) {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			yield(none, translate(ctx, err))
		}
	}
}

// collect is what each reads, all at once.
func collect[T any](all iter.Seq2[T, error]) (values []T, err error) {
	for value, err := range all {
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}
