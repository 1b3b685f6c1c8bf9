package ownership_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/ownership"
)

func TestCreateLeavesWhatIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(path, []byte("kept"), 0o600))
	must(t, ownership.Create(path))
	if got, err := os.ReadFile(path); err != nil || string(got) != "kept" {
		t.Errorf("it holds %q, %v", got, err)
	}
}

func TestCreateMakesNoFolder(t *testing.T) {
	if err := ownership.Create(filepath.Join(t.TempDir(), "mistyped", "file")); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
}

// TestNobodyElseReadsWhatIsMade, before it is anybody's.
func TestNobodyElseReadsWhatIsMade(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	file := filepath.Join(folder, "file")
	must(t, ownership.MkdirAll(folder))
	must(t, ownership.MkdirAll(folder))
	must(t, ownership.Create(file))
	for _, path := range []string{filepath.Dir(folder), folder, file} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
