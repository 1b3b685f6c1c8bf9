package arch

import (
	"errors"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func TestImportsRunOneWay(t *testing.T) {
	seen := map[string]bool{}
	for _, dir := range folders(t) {
		importer := "/" + filepath.ToSlash(dir)
		for _, imported := range imports(t, dir) {
			seen[layerOf(importer)] = true
			if wrong := violation(importer, imported); wrong != "" {
				t.Errorf("%s imports %s: %s", importer, imported, wrong)
			}
		}
	}
	for _, layer := range []string{"domain", "ports", "app", "ports/porttest", "adapters", "cmd"} {
		if !seen[layer] {
			t.Errorf("no imports of %s were read", layer)
		}
	}
}

// folders is every folder of the module, relative to its root.
func folders(t *testing.T) (dirs []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		dir, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if name := entry.Name(); dir != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata") {
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && dir != "." {
			return fs.SkipDir // another module
		}
		dirs = append(dirs, dir)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

// imports is what the files of a folder import on any operating system, tests left out, as violation takes it.
func imports(t *testing.T, dir string) (paths []string) {
	t.Helper()
	for _, system := range []string{"linux", "darwin", "windows"} {
		from := build.Default
		from.GOOS, from.CgoEnabled = system, false
		pkg, err := from.ImportDir(filepath.Join(root, dir), 0)
		if _, none := errors.AsType[*build.NoGoError](err); none {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range pkg.Imports {
			paths = append(paths, strings.TrimPrefix(path, module))
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

func TestTheRuleOfImportsCatches(t *testing.T) {
	for _, c := range []struct{ importer, imported string }{
		{"/domain", "/ports"},
		{"/domain", "/app"},
		{"/domain", "/adapters/memory"},
		{"/domain", "net/http"},
		{"/domain", "encoding/json"},
		{"/domain", "golang.org/x/crypto/argon2"},
		{"/domain", "golang.org/x/textual"},
		{"/domain", "github.com/google/uuid"},
		{"/domain", "C"},
		{"/ports", "/app"},
		{"/ports", "/adapters/memory"},
		{"/ports", "/ports/porttest"},
		{"/ports", "github.com/gin-gonic/gin"},
		{"/ports", "database/sql"},
		{"/ports/porttest", "/app"},
		{"/ports/porttest", "/adapters/memory"},
		{"/ports/porttest", "/cmd/wiring"},
		{"/app", "/adapters/jwt"},
		{"/app", "/ports/porttest"},
		{"/app", "/cmd/config"},
		{"/app", "net/http"},
		{"/app", "os"},
		{"/app", "github.com/golang-jwt/jwt/v5"},
		{"/app", "encoding/json"},
		{"/app", "github.com/google/uuid"},
		{"/app", "testing"},
		{"/adapters/sqlite", "/adapters/memory"},
		{"/adapters/memory", "/adapters/memorycache"},
		{"/adapters/sqlite/inner", "/adapters/memory/inner"},
		{"/adapters/sqlite", "/cmd/wiring"},
		{"/adapters/sqlite", "/ports/porttest"},
		{"/adapters/sqlite", "/tests/engines"},
		{"/adapters/sqlite", "/common"},
		{"/cmd/wiring", "/tests/engines"},
		{"/cmd/wiring", "/ports/porttest"},
		{"/cmd/latchkey", "testing"},
		{"/common", "fmt"},
		{"/domainish", "fmt"},
	} {
		if violation(c.importer, c.imported) == "" {
			t.Errorf("%s may import %s", c.importer, c.imported)
		}
	}
}

func TestTheRuleOfImportsAllows(t *testing.T) {
	for _, c := range []struct{ importer, imported string }{
		{"/domain", "crypto/rand"},
		{"/domain", "golang.org/x/text/secure/precis"},
		{"/domain", "net/mail"},
		{"/ports", "/domain"},
		{"/ports", "context"},
		{"/ports/porttest", "/ports"},
		{"/ports/porttest", "/domain"},
		{"/ports/porttest", "testing"},
		{"/ports/porttest", "github.com/anishathalye/porcupine"},
		{"/app", "/ports"},
		{"/app", "/domain"},
		{"/app", "context"},
		{"/app", "golang.org/x/sync/errgroup"},
		{"/adapters/httpapi", "/app"},
		{"/adapters/sqlite", "/ports"},
		{"/adapters/sqlite", "/adapters/sqlite/inner"},
		{"/adapters/sqlite/inner", "/adapters/sqlite"},
		{"/adapters/sqlite", "modernc.org/sqlite"},
		{"/adapters/httpapi", "net/http"},
		{"/cmd/wiring", "/adapters/sqlite"},
		{"/cmd/latchkey", "/cmd/wiring"},
		{"/cmd/latchkey", "github.com/spf13/cobra"},
		{"/tests/engines", "/cmd/wiring"},
		{"/tests/engines", "testing"},
	} {
		if wrong := violation(c.importer, c.imported); wrong != "" {
			t.Errorf("%s may not import %s: %s", c.importer, c.imported, wrong)
		}
	}
}
