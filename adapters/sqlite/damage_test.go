package sqlite

import (
	"errors"
	"iter"
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

// TestListingsGoPastDamagedRows damages the first of three rows, so that the others come after it.
func TestListingsGoPastDamagedRows(t *testing.T) {
	path := newPath(t)
	db := openAt(t, path, atBirth)
	for _, name := range []string{"ada", "bob", "cy"} {
		user := newUser(name)
		check(t, db.Users().Create(t.Context(), user))
		check(t, db.Sessions().Create(t.Context(), newSession(user)))
	}
	run(t, openAt(t, path, atBirth), `UPDATE sessions SET seed = x'00' WHERE user_id = (SELECT min(user_id) FROM sessions);
		ALTER TABLE users RENAME TO u; CREATE TABLE users AS SELECT * FROM u;
		UPDATE users SET password_hash = NULL WHERE id = (SELECT min(id) FROM users)`)
	wantOneUnreadable(t, db.Users().All(t.Context()))
	wantOneUnreadable(t, db.Sessions().All(t.Context()))
}

func wantOneUnreadable[T any](t *testing.T, all iter.Seq2[T, error]) {
	t.Helper()
	var read, unreadable int
	for _, err := range all {
		if err == nil {
			read++
			continue
		}
		odd, ok := errors.AsType[*ports.UnreadableError](err)
		if !ok || odd.ID == "" {
			t.Fatalf("got %v, want an UnreadableError that names the row", err)
		}
		unreadable++
	}
	if read != 2 || unreadable != 1 {
		t.Errorf("%d values were read and %d were not, want 2 and 1", read, unreadable)
	}
}
