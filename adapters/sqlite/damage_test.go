package sqlite

import (
	"errors"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// Rows that no Latchkey wrote are errors, and not the engine's: asking again will not help.
func TestDamagedRowsAreErrors(t *testing.T) {
	for name, damage := range map[string]string{
		"seed too short":    `UPDATE sessions SET seed = x'00'`,
		"seed too long":     `UPDATE sessions SET seed = zeroblob(33)`,
		"column of no type": `ALTER TABLE sessions RENAME TO s; CREATE TABLE sessions AS SELECT * FROM s; UPDATE sessions SET created_at = 'yesterday'`,
		"column missing":    `ALTER TABLE sessions RENAME TO s; CREATE TABLE sessions AS SELECT * FROM s; UPDATE sessions SET version = NULL`,
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			db := openAt(t, path, atBirth)
			session := newSession(newUser("ada"))
			check(t, db.Sessions().Create(t.Context(), session))
			run(t, openAt(t, path, atBirth), damage)
			_, err := db.Sessions().Get(t.Context(), session.UserID, session.ID)
			_, listErr := db.Sessions().ByUser(t.Context(), session.UserID)
			for _, err := range []error{err, listErr} {
				if err == nil || errors.Is(err, ports.ErrUnavailable) || errors.Is(err, ports.ErrNotFound) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

func TestDamagedUserIsAnError(t *testing.T) {
	path := newPath(t)
	db := openAt(t, path, atBirth)
	user := newUser("ada")
	check(t, db.Users().Create(t.Context(), user))
	run(t, openAt(t, path, atBirth), `ALTER TABLE users RENAME TO u; CREATE TABLE users AS SELECT * FROM u; UPDATE users SET password_hash = NULL`)
	_, err := db.Users().ByLogin(t.Context(), domain.Login{Email: user.Email})
	if err == nil || errors.Is(err, ports.ErrNotFound) || errors.Is(err, ports.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}
