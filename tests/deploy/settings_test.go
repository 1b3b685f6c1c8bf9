package deploy

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// example is a file of cmd/deploy.
func example(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../cmd/deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// program is latchkey, built for the tests.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "latchkey")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "latchkey")
	if said, err := exec.Command("go", "build", "-C", "../..", "-o", program, "./cmd/latchkey").CombinedOutput(); err != nil {
		panic(string(said))
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// wantSettings wants every variable to be a setting, and its value to be taken. It answers what holds then.
func wantSettings(t *testing.T, vars map[string]string) (holds map[string]string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, "config", "--json")
	cmd.Dir, cmd.Env = t.TempDir(), []string{}
	for name, value := range vars {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var complaints strings.Builder
	cmd.Stderr = &complaints
	listed, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("the program says %v: %s", err, &complaints)
	}
	holds = map[string]string{}
	for settings := json.NewDecoder(strings.NewReader(string(listed))); ; {
		var s struct{ Name, Value string }
		if err := settings.Decode(&s); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		holds[s.Name] = s.Value
	}
	for name := range vars {
		if _, known := holds[name]; !known {
			t.Errorf("%s is no setting", name)
		}
	}
	return holds
}
