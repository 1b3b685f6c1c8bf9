package memory

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var (
	_ ports.UserLister    = (*Users)(nil)
	_ ports.SessionLister = (*Sessions)(nil)
)

// All implements ports.UserLister, with the users of the moment in which it begins.
func (r *Users) All(ctx context.Context) iter.Seq2[domain.User, error] {
	return each(ctx, func() []domain.User {
		r.mu.RLock()
		defer r.mu.RUnlock()
		return slices.Collect(maps.Values(r.byID))
	})
}

// All implements ports.SessionLister, with the sessions of the moment in which it begins.
func (st *Sessions) All(ctx context.Context) iter.Seq2[domain.Session, error] {
	return each(ctx, func() []domain.Session {
		st.mu.RLock()
		defer st.mu.RUnlock()
		now := st.now()
		var sessions []domain.Session
		for _, e := range st.byDeath {
			if !e.forgotten(now) {
				sessions = append(sessions, e.session)
			}
		}
		return sessions
	})
}

func each[T any](ctx context.Context, values func() []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, value := range values() {
			if err := ended(ctx); err != nil {
				var none T
				yield(none, err)
				return
			}
			if !yield(value, nil) {
				return
			}
		}
	}
}
