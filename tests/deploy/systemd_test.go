package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coreos/go-systemd/v22/unit"
)

const service = "latchkey.service"

// TestUnitSetsSettings: the unit can be read, and what it sets means something.
func TestUnitSetsSettings(t *testing.T) {
	options, err := unit.DeserializeOptions(strings.NewReader(example(t, service)))
	if err != nil {
		t.Fatal(err)
	}
	vars, once := map[string]string{}, map[string]string{}
	for _, o := range options {
		if o.Name != "Environment" {
			once[o.Section+"/"+o.Name] = o.Value
			continue
		}
		name, value, _ := strings.Cut(o.Value, "=")
		vars[name] = value
	}
	dir := wantSettings(t, vars)["DATA_DIR"]
	if dir != once["Service/WorkingDirectory"] || dir != "%S/"+once["Service/StateDirectory"] {
		t.Errorf("the data is in %s, which is not the folder that systemd makes", dir)
	}
	for name, want := range map[string]string{
		"Service/ExecStart": "/usr/local/bin/latchkey serve", "Service/DynamicUser": "yes", "Service/RestartPreventExitStatus": "2",
	} {
		if once[name] != want {
			t.Errorf("%s is %q, want %q", name, once[name], want)
		}
	}
}

// TestUnitIsTakenBySystemd, by its own judgement.
func TestUnitIsTakenBySystemd(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil && os.Getenv("LATCHKEY_TEST_REQUIRE") != "" {
		t.Fatalf("LATCHKEY_TEST_REQUIRE is set: %v", err)
	}
	if err != nil {
		t.Skip(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for text, good := range map[string]bool{
		// A program has to be where the unit says.
		strings.Replace(example(t, service), "/usr/local/bin/latchkey", self, 1): true,
		// Without one, and with a word that systemd does not know, it has to complain: else it judges nothing.
		strings.Replace(example(t, service), "/usr/local/bin/latchkey", self+"/nothing", 1): false,
		strings.Replace(example(t, service), "DynamicUser=yes", "DynamicUser=perhaps", 1):   false,
	} {
		path := filepath.Join(t.TempDir(), service)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", path).CombinedOutput()
		if clean := err == nil && len(said) == 0; clean != good {
			t.Errorf("systemd-analyze says %v: %s of\n%s", err, said, text)
		}
	}
}
