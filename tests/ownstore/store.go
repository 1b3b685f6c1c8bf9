// Package ownstore is a store of one's own: sessions in any database that database/sql knows.
package ownstore

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/gob"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// Schema makes the table. Whatever a session is stored as, its version is what decides who may write it.
const Schema = `CREATE TABLE sessions (user_id TEXT, id TEXT, version INTEGER, created_at INTEGER, kept_until INTEGER,
	session BLOB, PRIMARY KEY (user_id, id))`

// Sessions is a ports.TokenStore.
type Sessions struct {
	DB  *sql.DB
	Now func() time.Time
}

var _ ports.TokenStore = Sessions{}

// Create implements ports.TokenStore.
func (st Sessions) Create(ctx context.Context, s domain.Session) error {
	s.Version = 1
	_, err := st.DB.ExecContext(ctx, `INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)`,
		s.UserID, s.ID, s.Version, s.CreatedAt.UnixMilli(), s.KeptUntil().UnixMilli(), encode(s))
	return translate(ctx, err)
}

// Get implements ports.TokenStore.
func (st Sessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	found, err := st.find(ctx, `AND id = ?`, userID, st.Now().UnixMilli(), id)
	if err != nil {
		return domain.Session{}, err
	}
	if len(found) == 0 {
		return domain.Session{}, ports.ErrNotFound
	}
	return found[0], nil
}

// Update implements ports.TokenStore. The condition on the version, in the statement that writes, is the whole of it.
func (st Sessions) Update(ctx context.Context, s domain.Session) error {
	stored, err := st.Get(ctx, s.UserID, s.ID)
	if err != nil {
		return err
	}
	if stored.Version != s.Version {
		return ports.ErrStale
	}
	s.Seed, s.CreatedAt = stored.Seed, stored.CreatedAt
	s.Version++
	result, err := st.DB.ExecContext(ctx, `UPDATE sessions SET version = ?, kept_until = ?, session = ?
		WHERE user_id = ? AND id = ? AND version = ?`,
		s.Version, s.KeptUntil().UnixMilli(), encode(s), s.UserID, s.ID, stored.Version)
	if err != nil {
		return translate(ctx, err)
	}
	if n, _ := result.RowsAffected(); n == 0 { // it is gone, or somebody else was faster
		_, err := st.Get(ctx, s.UserID, s.ID)
		return cmp.Or(err, ports.ErrStale)
	}
	return nil
}

// ByUser implements ports.TokenStore.
func (st Sessions) ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
	return st.find(ctx, `ORDER BY created_at DESC, id DESC`, userID, st.Now().UnixMilli())
}

// DeleteByUser implements ports.TokenStore.
func (st Sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	_, err := st.DB.ExecContext(ctx, `DELETE FROM sessions WHERE user_id = ?`, userID)
	return translate(ctx, err)
}

// Sweep removes what is forgotten. Run it every minute or so; no call depends on it.
func (st Sessions) Sweep(ctx context.Context) error {
	_, err := st.DB.ExecContext(ctx, `DELETE FROM sessions WHERE kept_until <= ?`, st.Now().UnixMilli())
	return translate(ctx, err)
}

// find reads the user's sessions that are not forgotten, with the rest of the condition and its arguments.
func (st Sessions) find(ctx context.Context, rest string, args ...any) (found []domain.Session, err error) {
	rows, err := st.DB.QueryContext(ctx, `SELECT session FROM sessions WHERE user_id = ? AND kept_until > ? `+rest, args...)
	if err != nil {
		return nil, translate(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var stored []byte
		if err := rows.Scan(&stored); err != nil {
			return nil, translate(ctx, err)
		}
		var s domain.Session
		if err := gob.NewDecoder(bytes.NewReader(stored)).Decode(&s); err != nil {
			return nil, err
		}
		found = append(found, s)
	}
	return found, translate(ctx, rows.Err())
}

func encode(s domain.Session) []byte {
	for _, t := range []*time.Time{&s.CreatedAt, &s.RotatedAt, &s.ExpiresAt, &s.EndedAt} {
		*t = t.UTC().Truncate(time.Millisecond)
	}
	var stored bytes.Buffer
	_ = gob.NewEncoder(&stored).Encode(s) // into memory: cannot fail
	return stored.Bytes()
}

// translate says that the engine did not answer, or not before the context ended.
func translate(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ports.Unavailable(ctx.Err())
	}
	return ports.Unavailable(err)
}
