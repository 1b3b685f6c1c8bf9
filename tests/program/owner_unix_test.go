//go:build unix

package program_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestRootLeavesNothingOfItsOwn: what commands make that root runs belongs to whom the folder belongs, so that the service
// can read it. Whoever is not root has nothing to give away, and only their own folder to look at.
func TestRootLeavesNothingOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	owner := os.Getuid()
	if owner == 0 {
		owner = 12345
	}
	must(t, os.Chown(dir, owner, -1))
	vars := settings{"AUDIT_LOG": "audit.jsonl"}
	says(t, runWith(t, dir, vars, password, "users", "create", "--email", "ada@example.org"), `\w+\n`)
	serve(t, dir, vars).stop(t)
	says(t, run(t, dir, vars, "keys", "add"), `\S+\n`)
	next := oneLine(t, run(t, dir, vars, "keys", "add").stdout)
	says(t, run(t, dir, vars, "keys", "activate", next, "--now"), ``)
	says(t, run(t, dir, nil, "copy", "--from", "sqlite:data/latchkey.db", "--to", "sqlite:copy/new.db"), `(?s).*`)
	must(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		must(t, err)
		info, err := os.Lstat(path)
		must(t, err)
		if got := int(info.Sys().(*syscall.Stat_t).Uid); got != owner {
			t.Errorf("%s belongs to %d, want %d", path, got, owner)
		}
		return nil
	}))
	for _, made := range []string{"data/latchkey.db", "data/refresh_token_secret", "data/keys/active", "data/images", "audit.jsonl", "copy/new.db"} {
		if _, err := os.Stat(filepath.Join(dir, made)); err != nil {
			t.Error(err)
		}
	}
}
