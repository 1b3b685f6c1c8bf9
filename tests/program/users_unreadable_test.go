package program_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// TestListGoesPastAUserItCannotRead damages one of three users, in a way that only another program could.
func TestListGoesPastAUserItCannotRead(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, nil).stop(t)
	for _, name := range []string{"ada", "bob", "cy"} {
		runWith(t, dir, nil, password, "users", "create", "--email", name+"@example.org", "--username", name)
	}
	damaged := damageOneUser(t, filepath.Join(dir, "data", "latchkey.db"))

	for _, args := range [][]string{{"users", "list"}, {"users", "list", "--json"}} {
		listed := run(t, dir, nil, args...)
		for _, name := range []string{"ada", "bob", "cy"} {
			if strings.Contains(listed.stdout, name) == (name == damaged.username) {
				t.Errorf("%v, with %s damaged, prints %q", args, damaged.username, listed.stdout)
			}
		}
		if listed.code != 1 || !strings.Contains(listed.stderr, "cannot read "+damaged.id) {
			t.Errorf("%v ends with %d and %q, want 1 and the id %s", args, listed.code, listed.stderr, damaged.id)
		}
	}
}

type damagedUser struct{ id, username string }

func damageOneUser(t *testing.T, database string) (u damagedUser) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+database)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	must(t, db.QueryRowContext(t.Context(), `SELECT id, username FROM users ORDER BY id LIMIT 1`).Scan(&u.id, &u.username))
	_, err = db.ExecContext(t.Context(), `ALTER TABLE users RENAME TO strict; CREATE TABLE users AS SELECT * FROM strict;
		UPDATE users SET password_hash = NULL WHERE id = '`+u.id+`'`)
	must(t, err)
	return u
}
