package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// TestTheFileMeansWhatItSays: nothing of a value is eaten, and no line is overruled by another.
func TestTheFileMeansWhatItSays(t *testing.T) {
	for text, want := range map[string]string{
		"# A=1\n\nB=pa$WORD\n":                   `a $ outside of single quotes in line 3, in the value of "B";`,
		"B=\"two\nlines\"\nA=\"pa$word\" # or\n": `a $ outside of single quotes in line 3, in the value of "A";`,
		"A=1\nexport B: ${A}":                    `a $ outside of single quotes in line 2, in the value of "B";`,
		"A=$":                                    `a $ outside of single quotes in line 1, in the value of "A";`,
		"A=1\nB=2\nexport A=\n":                  `"A" twice, in lines 1 and 3;`,

		"A='pa$WORD'\nB=\"pa\\$WORD\"\n#A=$B\n\nC='$A\n${B}' # $C\r\nD=d # $D": "",
	} {
		dir := t.TempDir()
		t.Chdir(dir)
		if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		vars, err := config.Environment()
		switch {
		case want == "" && (err != nil || vars["A"] != "pa$WORD" || vars["B"] != "pa$WORD" || vars["C"] != "$A\n${B}" || vars["D"] != "d"):
			t.Errorf("%q: %q, %q, %q, %q, %v", text, vars["A"], vars["B"], vars["C"], vars["D"], err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), ".env: got "+want)):
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
