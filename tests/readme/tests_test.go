package readme_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNamedTestsExist: what the README says is shown by a test, is. A name that ends in … stands for all that begin so.
func TestNamedTestsExist(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test[A-Z][A-Za-z]*…?)`").FindAllStringSubmatch(string(data), -1)
	if len(named) == 0 {
		t.Fatal("the README names no test")
	}
	source := testSource(t)
	for _, name := range named {
		begins, open := strings.CutSuffix(name[1], "…")
		declared := "func " + begins
		if !open {
			declared += "("
		}
		if !strings.Contains(source, declared) {
			t.Errorf("the README names %s, which there is not", name[1])
		}
	}
}

// testSource is all of the project's tests in one text.
func testSource(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "porttest") {
			return err
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		data, err := os.ReadFile(path)
		all.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
