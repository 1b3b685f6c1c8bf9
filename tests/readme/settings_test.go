package readme_test

import (
	"os"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

const readme = "../../README.md"

// TestSettingsTable holds the table in the README against the settings themselves. To write it anew:
//
//	LATCHKEY_UPDATE_README=1 go test ./tests/readme
func TestSettingsTable(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), "<!-- settings -->\n")
	table, after, ok2 := strings.Cut(rest, "<!-- /settings -->")
	if !ok || !ok2 {
		t.Fatal("the README has no place for the settings")
	}
	if table == config.Markdown() {
		return
	}
	if os.Getenv("LATCHKEY_UPDATE_README") == "" {
		t.Fatal("the README's table of settings is out of date; LATCHKEY_UPDATE_README=1 go test ./tests/readme writes it")
	}
	written := before + "<!-- settings -->\n" + config.Markdown() + "<!-- /settings -->" + after
	if err := os.WriteFile(readme, []byte(written), 0o644); err != nil {
		t.Fatal(err)
	}
}
