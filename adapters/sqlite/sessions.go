package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.TokenStore = (*Sessions)(nil)

// Sessions keeps the sessions.
type Sessions struct{ db *DB }

const (
	sessionColumns = `user_id, id, generation, seed, created_at, rotated_at, expires_at, user_agent, ip,
		credentials_version, ended_at, end_reason, version`
	sessionByID    = `SELECT ` + sessionColumns + ` FROM sessions WHERE user_id = ? AND id = ? AND kept_until > ?`
	sessionsByUser = `SELECT ` + sessionColumns + ` FROM sessions WHERE user_id = ? AND kept_until > ?
		ORDER BY created_at DESC, id DESC`

	createSession = `INSERT INTO sessions (` + sessionColumns + `, kept_until)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`
	updateSession = `UPDATE sessions SET generation = ?, rotated_at = ?, expires_at = ?, user_agent = ?, ip = ?,
		credentials_version = ?, ended_at = ?, end_reason = ?, version = version + 1, kept_until = ?
		WHERE user_id = ? AND id = ? AND version = ? AND kept_until > ?`
	deleteSessions = `DELETE FROM sessions WHERE user_id = ? RETURNING user_id, id`
	sessionExists  = `SELECT 1 FROM sessions WHERE user_id = ? AND id = ? AND kept_until > ?`
)

// Create implements ports.TokenStore.
func (r *Sessions) Create(ctx context.Context, s domain.Session) error {
	return r.db.writer.do(ctx, func(c *conn) error {
		_, err := c.exec(createSession, s.UserID, s.ID, s.Generation, s.Seed[:], s.CreatedAt.UnixMilli(),
			s.RotatedAt.UnixMilli(), s.ExpiresAt.UnixMilli(), s.UserAgent, s.IP, s.CredentialsVersion,
			nullableTime(s.EndedAt), s.EndReason, s.KeptUntil().UnixMilli())
		return err
	}, func(k *cache) { k.createdSession(s) })
}

// Get implements ports.TokenStore.
func (r *Sessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	key := sessionKey{userID, id}
	var s domain.Session
	var known bool
	state, err := r.db.cache.look(ctx, func() { s, known = r.db.cache.sessions.Get(key) })
	if err != nil {
		return domain.Session{}, err
	}
	return r.found(ctx, state, key, s, known)
}

// found is a session that was looked for, read where it is not known.
func (r *Sessions) found(ctx context.Context, state uint64, key sessionKey, s domain.Session, known bool) (domain.Session, error) {
	switch now := r.now(); {
	case !known:
		return r.read(ctx, state, key, now)
	case s.KeptUntil().UnixMilli() <= now:
		return domain.Session{}, ports.ErrNotFound
	}
	return s, nil
}

// read reads a session and keeps what is found.
func (r *Sessions) read(ctx context.Context, state uint64, key sessionKey, now int64) (s domain.Session, err error) {
	err = r.db.readers.do(ctx, func(c *conn) error {
		s, err = scanSession(c.row(sessionByID, key.userID, key.id, now))
		return err
	})
	if err == nil {
		r.db.cache.keep(ctx, state, func() { r.db.cache.sessions.Add(key, s) })
	}
	return s, err
}

// Update implements ports.TokenStore.
func (r *Sessions) Update(ctx context.Context, s domain.Session) error {
	return r.db.writer.do(ctx, func(c *conn) error {
		now := r.now()
		n, err := c.exec(updateSession, s.Generation, s.RotatedAt.UnixMilli(), s.ExpiresAt.UnixMilli(), s.UserAgent,
			s.IP, s.CredentialsVersion, nullableTime(s.EndedAt), s.EndReason, s.KeptUntil().UnixMilli(),
			s.UserID, s.ID, s.Version, now)
		if err != nil {
			return err
		}
		return swapped(c, n, sessionExists, s.UserID, s.ID, now)
	}, func(k *cache) { k.updatedSession(s) })
}

// ByUser implements ports.TokenStore.
func (r *Sessions) ByUser(ctx context.Context, userID domain.UserID) (all []domain.Session, err error) {
	err = r.db.readers.do(ctx, func(c *conn) error {
		return c.each(func(row row) error {
			s, err := scanSession(row)
			all = append(all, s)
			return err
		}, sessionsByUser, userID, r.now())
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// DeleteByUser implements ports.TokenStore.
func (r *Sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	_, err := r.db.deleteSessions(ctx, deleteSessions, userID)
	return err
}

// deleteSessions runs a statement that deletes sessions and returns their keys. It answers how many there were.
func (db *DB) deleteSessions(ctx context.Context, query string, args ...any) (int, error) {
	var deleted []sessionKey
	err := db.writer.do(ctx, func(c *conn) error {
		return c.each(func(r row) error {
			var key sessionKey
			err := r.Scan(&key.userID, &key.id)
			deleted = append(deleted, key)
			return err
		}, query, args...)
	}, func(k *cache) { k.deletedSessions(deleted) })
	if err != nil {
		return 0, err // the writer may still be at it
	}
	return len(deleted), nil
}

func (r *Sessions) now() int64 { return r.db.now().UnixMilli() }

func scanSession(r row) (domain.Session, error) {
	var (
		s                               domain.Session
		seed                            []byte
		createdAt, rotatedAt, expiresAt int64
		endedAt                         sql.NullInt64
	)
	err := r.Scan(&s.UserID, &s.ID, &s.Generation, &seed, &createdAt, &rotatedAt, &expiresAt, &s.UserAgent, &s.IP,
		&s.CredentialsVersion, &endedAt, &s.EndReason, &s.Version)
	if err != nil {
		return s, &ports.UnreadableError{ID: string(s.ID), Err: err}
	}
	if len(seed) != len(s.Seed) {
		return s, &ports.UnreadableError{ID: string(s.ID), Err: fmt.Errorf("its seed has %d bytes, not %d", len(seed), len(s.Seed))}
	}
	copy(s.Seed[:], seed)
	s.CreatedAt, s.RotatedAt, s.ExpiresAt = fromMillis(createdAt), fromMillis(rotatedAt), fromMillis(expiresAt)
	if endedAt.Valid {
		s.EndedAt = fromMillis(endedAt.Int64)
	}
	return s, nil
}

// nullableTime is NULL for a time that is not given.
func nullableTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}
