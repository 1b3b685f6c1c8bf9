package sqlite

import (
	"context"
	"iter"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var (
	_ ports.UserLister    = (*Users)(nil)
	_ ports.SessionLister = (*Sessions)(nil)
)

// page is how many rows are read at a time: a reader that stays for long would keep the log from being folded in.
const page = 500

const (
	usersAfter    = `SELECT ` + userColumns + ` FROM users WHERE id > ? ORDER BY id LIMIT ?`
	sessionsAfter = `SELECT ` + sessionColumns + ` FROM sessions WHERE (user_id, id) > (?, ?) AND kept_until > ?
		ORDER BY user_id, id LIMIT ?`
)

// All implements ports.UserLister.
func (r *Users) All(ctx context.Context) iter.Seq2[domain.User, error] {
	return pages(ctx, r.db, func(c *conn, last domain.User, take func(domain.User, error) error) error {
		return c.each(func(row row) error { return take(scanUser(row)) }, usersAfter, last.ID, page)
	})
}

// All implements ports.SessionLister.
func (r *Sessions) All(ctx context.Context) iter.Seq2[domain.Session, error] {
	return pages(ctx, r.db, func(c *conn, last domain.Session, take func(domain.Session, error) error) error {
		return c.each(func(row row) error { return take(scanSession(row)) }, sessionsAfter, last.UserID, last.ID, r.now(), page)
	})
}

// result is a value that was read, or why it cannot be read. Even then it has its key.
type result[T any] struct {
	value      T
	unreadable error
}

// pages reads page after page, each from the last value of the one before, until one is not full.
func pages[T any](ctx context.Context, db *DB, read func(c *conn, last T, take func(T, error) error) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for last := *new(T); ; {
			var results []result[T]
			err := db.readers.do(ctx, func(c *conn) error {
				return read(c, last, func(value T, unreadable error) error {
					results = append(results, result[T]{value, unreadable})
					return nil
				})
			})
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, r := range results {
				if !yield(r.value, r.unreadable) {
					return
				}
			}
			if len(results) < page {
				return
			}
			last = results[len(results)-1].value
		}
	}
}
