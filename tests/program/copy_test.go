package program_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCopyRefusesWhatMakesNoSense, and makes nothing on the way.
func TestCopyRefusesWhatMakesNoSense(t *testing.T) {
	dir := t.TempDir()
	for want, args := range map[string][]string{
		"--from is missing: it names a store, as in latchkey copy --from ": {"--to", "sqlite:to.db"},
		"--to is missing":             {"--from", "sqlite:a.db"},
		"there is no such file":       {"--from", "sqlite:mistyped.db", "--to", "sqlite:to.db"},
		"holds nothing":               {"--from", "memory:", "--to", "sqlite:to.db"},
		"are the same":                {"--from", "sqlite:a.db", "--to", "sqlite:a.db"},
		"--to: got \"postgres://db\"": {"--from", "sqlite:a.db", "--to", "postgres://db"},
	} {
		ended := run(t, dir, nil, append([]string{"copy"}, args...)...)
		if line := oneLine(t, ended.stderr); ended.code != 2 || !strings.Contains(line, want) {
			t.Errorf("%v: the program ended with %d, saying %q", args, ended.code, line)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("it left %v behind (%v)", files, err)
	}
}

// TestCopyDryRunMakesNothing: not even the file that it would copy to.
func TestCopyDryRunMakesNothing(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, nil).stop(t)
	ended := run(t, dir, nil, "copy", "--from", "sqlite:data/latchkey.db", "--to", "sqlite:to.db", "--dry-run")
	if ended.code != 0 || !strings.Contains(ended.stdout, "users: 0 to be written, 0 there already, 0 newer in the target") {
		t.Errorf("the program ended with %+v", ended)
	}
	if _, err := os.Stat(filepath.Join(dir, "to.db")); !os.IsNotExist(err) {
		t.Errorf("the target is there: %v", err)
	}
	ended = run(t, dir, nil, "copy", "--from", "sqlite:data/latchkey.db", "--to", "sqlite:to.db")
	if ended.code != 0 || !strings.Contains(ended.stdout, "source 0, checksum 0000000000000000") {
		t.Errorf("the program ended with %+v", ended)
	}
}
