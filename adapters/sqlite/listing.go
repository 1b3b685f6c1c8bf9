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
	return pages(ctx, r.db, func(c *conn, last domain.User, take func(domain.User)) error {
		return c.each(func(row row) error {
			u, err := scanUser(row)
			take(u)
			return err
		}, usersAfter, last.ID, page)
	})
}

// All implements ports.SessionLister.
func (r *Sessions) All(ctx context.Context) iter.Seq2[domain.Session, error] {
	return pages(ctx, r.db, func(c *conn, last domain.Session, take func(domain.Session)) error {
		return c.each(func(row row) error {
			s, err := scanSession(row)
			take(s)
			return err
		}, sessionsAfter, last.UserID, last.ID, r.now(), page)
	})
}

// pages reads page after page, each from the last value of the one before, until one is not full.
func pages[T any](ctx context.Context, db *DB, read func(c *conn, last T, take func(T)) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for last := *new(T); ; {
			var values []T
			err := db.readers.do(ctx, func(c *conn) error {
				return read(c, last, func(value T) { values = append(values, value) })
			})
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, value := range values {
				if !yield(value, nil) {
					return
				}
			}
			if len(values) < page {
				return
			}
			last = values[len(values)-1]
		}
	}
}
