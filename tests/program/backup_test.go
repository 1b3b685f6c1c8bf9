package program_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRestoredBackup: a store that lost its newest writes logs nobody out. Tokens newer than the store prove themselves,
// and the log has a warning for each.
func TestRestoredBackup(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "data", "latchkey.db"), filepath.Join(dir, "backup.db")
	p := serve(t, dir, nil)
	s := p.service(t)
	busy, idle, old := signUp(t, s, "busy@example.org"), signUp(t, s, "idle@example.org"), signUp(t, s, "old@example.org")
	token := refresh(t, s, refresh(t, s, busy.RefreshToken))
	stale := refresh(t, s, old.RefreshToken)
	database(t, path, `VACUUM INTO '`+backup+`'`)
	predecessor := token
	for range 5 {
		predecessor, token = token, refresh(t, s, token)
	}
	p.stop(t)

	must(t, os.Rename(backup, path))
	p = serve(t, dir, nil)
	s = p.service(t)
	next := refresh(t, s, token) // newer than the store by five
	if again := refresh(t, s, token); again != next {
		t.Error("the predecessor gets another token than the first time")
	}
	refresh(t, s, idle.RefreshToken) // as new as the store
	if got, err := s.Refresh(t.Context(), old.RefreshToken); err != nil || got.RefreshToken != stale {
		t.Errorf("the predecessor in the backup gets %v", err)
	}
	if _, err := s.Refresh(t.Context(), predecessor); refusal(err) != "token_reused" {
		t.Errorf("a token that was retired before the backup was restored gets %v", err)
	}
	p.stop(t)
	warnings := 0
	for _, line := range p.logged("event") {
		if line["event"] == "rolled_forward" && line["level"] == "WARN" && line["user_id"] == busy.User.ID {
			warnings++
		}
	}
	if warnings != 1 {
		t.Errorf("the log has %d warnings: %v", warnings, p.log)
	}
}
