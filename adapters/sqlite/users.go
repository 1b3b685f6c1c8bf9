package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.UserRepository = (*Users)(nil)

// Users keeps the users.
type Users struct{ db *DB }

const (
	userColumns = `id, email, username, fullname, password_hash, avatar, cover_image, created_at, updated_at,
		credentials_version, credentials_session, version`
	userByID       = `SELECT ` + userColumns + ` FROM users WHERE id = ?`
	userByEmail    = `SELECT ` + userColumns + ` FROM users WHERE email = ?`
	userByUsername = `SELECT ` + userColumns + ` FROM users WHERE username = ?`

	createUser = `INSERT INTO users (` + userColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`
	updateUser = `UPDATE users SET email = ?, username = ?, fullname = ?, password_hash = ?, avatar = ?,
		cover_image = ?, updated_at = ?, credentials_version = ?, credentials_session = ?, version = version + 1
		WHERE id = ? AND version = ?`
	deleteUser = `DELETE FROM users WHERE id = ?`
	userExists = `SELECT 1 FROM users WHERE id = ?`

	takenFields = `SELECT 'email' FROM users WHERE email = :email AND id <> :id
		UNION ALL SELECT 'username' FROM users WHERE username = :username AND id <> :id`
	takenFieldsOrID = takenFields + ` UNION ALL SELECT '_id' FROM users WHERE id = :id`
)

// Create implements ports.UserRepository.
func (r *Users) Create(ctx context.Context, u domain.User) error {
	return r.db.writer.do(ctx, func(c *conn) error {
		_, err := c.exec(createUser, u.ID, nullable(u.Email.String()), nullable(u.Username.String()), u.Fullname,
			u.PasswordHash.Reveal(), u.Avatar, u.CoverImage, u.CreatedAt.UnixMilli(), u.UpdatedAt.UnixMilli(),
			u.CredentialsVersion, u.CredentialsSession)
		return explain(c, err, takenFieldsOrID, u)
	}, func(k *cache) { k.createdUser(u) })
}

// ByID implements ports.UserRepository.
func (r *Users) ByID(ctx context.Context, id domain.UserID) (u domain.User, err error) {
	var known bool
	state, err := r.db.cache.look(ctx, func() { u, known = r.db.cache.users.Get(id) })
	if err != nil || known {
		return u, err
	}
	return r.read(ctx, state, id)
}

// read reads a user and keeps what is found.
func (r *Users) read(ctx context.Context, state uint64, id domain.UserID) (domain.User, error) {
	u, err := r.get(ctx, userByID, string(id))
	if err == nil {
		r.db.cache.keep(ctx, state, func() { r.db.cache.users.Add(id, u) })
	}
	return u, err
}

// ByLogin implements ports.UserRepository.
func (r *Users) ByLogin(ctx context.Context, login domain.Login) (domain.User, error) {
	if !login.Email.IsZero() {
		return r.get(ctx, userByEmail, login.Email.String())
	}
	return r.get(ctx, userByUsername, login.Username.String()) // nobody has the zero one: it is stored as NULL
}

func (r *Users) get(ctx context.Context, query, key string) (u domain.User, err error) {
	err = r.db.readers.do(ctx, func(c *conn) error {
		u, err = scanUser(c.row(query, key))
		return err
	})
	return u, err
}

// Update implements ports.UserRepository.
func (r *Users) Update(ctx context.Context, u domain.User) error {
	return r.db.writer.do(ctx, func(c *conn) error {
		n, err := c.exec(updateUser, nullable(u.Email.String()), nullable(u.Username.String()), u.Fullname,
			u.PasswordHash.Reveal(), u.Avatar, u.CoverImage, u.UpdatedAt.UnixMilli(), u.CredentialsVersion,
			u.CredentialsSession, u.ID, u.Version)
		if err != nil {
			return explain(c, err, takenFields, u)
		}
		return swapped(c, n, userExists, u.ID)
	}, func(k *cache) { k.updatedUser(u) })
}

// Delete implements ports.UserRepository.
func (r *Users) Delete(ctx context.Context, id domain.UserID) error {
	return r.db.writer.do(ctx, func(c *conn) error {
		_, err := c.exec(deleteUser, id)
		return err
	}, func(k *cache) { k.deletedUser(id) })
}

// explain finds, in the transaction of a write that failed, which of the user's unique fields are taken.
func explain(c *conn, failure error, query string, u domain.User) error {
	if !violatesUnique(failure) {
		return failure
	}
	var taken []string
	err := c.each(func(r row) error {
		var field string
		err := r.Scan(&field)
		taken = append(taken, field)
		return err
	}, query, sql.Named("email", u.Email.String()), sql.Named("id", u.ID), sql.Named("username", u.Username.String()))
	if err != nil {
		return err
	}
	return domain.UserExists(taken...)
}

// swapped is nil if a compare-and-swap changed a row; if not, whether the row exists tells why.
func swapped(c *conn, changed int64, exists string, args ...any) error {
	if changed == 1 {
		return nil
	}
	var one int
	if err := c.row(exists, args...).Scan(&one); err != nil {
		return err // sql.ErrNoRows: it is gone
	}
	return ports.ErrStale
}

func scanUser(r row) (domain.User, error) {
	var (
		u                    domain.User
		email, username      sql.NullString
		hash                 string
		createdAt, updatedAt int64
	)
	err := r.Scan(&u.ID, &email, &username, &u.Fullname, &hash, &u.Avatar, &u.CoverImage, &createdAt, &updatedAt,
		&u.CredentialsVersion, &u.CredentialsSession, &u.Version)
	if err != nil {
		return u, &ports.UnreadableError{ID: string(u.ID), Err: err}
	}
	u.Email, u.Username = domain.RestoreEmail(email.String), domain.RestoreUsername(username.String)
	u.PasswordHash = domain.NewSecret(hash)
	u.CreatedAt, u.UpdatedAt = fromMillis(createdAt), fromMillis(updatedAt)
	return u, nil
}

// nullable is NULL for a value that is not given.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
