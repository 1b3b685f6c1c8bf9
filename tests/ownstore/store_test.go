package ownstore

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestSessions(t *testing.T) {
	porttest.TestTokenStore(t, func(t *testing.T, now func() time.Time) ports.TokenStore {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "own.db")+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		if _, err := db.Exec(Schema); err != nil {
			t.Fatal(err)
		}
		return Sessions{DB: db, Now: now}
	})
}
