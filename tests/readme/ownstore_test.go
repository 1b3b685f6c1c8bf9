package readme_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheStoreInTheREADMEIsTheOneThatIsTested compares the code in the README with the files that are compiled and run.
func TestTheStoreInTheREADMEIsTheOneThatIsTested(t *testing.T) {
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"store.go", "store_test.go"} {
		file, err := os.ReadFile(filepath.Join("../ownstore", name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "```go\n"+string(file)+"```") {
			t.Errorf("the README does not show tests/ownstore/%s as it is", name)
		}
	}
}
