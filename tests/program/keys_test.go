package program_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestKeysAreRotatedByCommands: each step that comes too early is refused, and says until when, unless a key has leaked.
// Every step that was taken, and none that was not, is in the audit log.
func TestKeysAreRotatedByCommands(t *testing.T) {
	dir := t.TempDir()
	vars := settings{"AUDIT_LOG": filepath.Join(dir, "audit.jsonl")}
	keys := func(args ...string) result { return run(t, dir, vars, append([]string{"keys"}, args...)...) }
	if none := keys("list"); none.code != 1 || !strings.Contains(none.stderr, "the first start makes one") {
		t.Errorf("without a first start, it ended with %+v", none)
	}
	serve(t, dir, nil).stop(t)
	old := strings.TrimSuffix(filepath.Base(keyFiles(t, dir)[0]), ".pem")
	added := keys("add")
	next := oneLine(t, added.stdout)
	want := []string{"added " + next, "activated " + next, "retired " + old}
	for _, step := range []struct {
		args []string
		says string // "" for a step that is taken
	}{
		{[]string{"activate", next}, "it is too early: verifiers may not know this key for another 5m"},
		{[]string{"retire", old}, "this key signs; activate another one first"},
		{[]string{"retire", old, "--now"}, "this key signs; activate another one first"},
		{[]string{"activate", "../" + next}, "there is no such key"},
		{[]string{"activate", next, "--now"}, ""},
		{[]string{"activate", next}, ""}, // it signs already
		{[]string{"retire", old}, "it is too early: a token signed by this key may be good for another 15m"},
		{[]string{"retire", old, "--now"}, ""},
		{[]string{"retire", old}, "there is no such key"},
	} {
		ended := keys(step.args...)
		if (ended.code == 0) != (step.says == "") || !strings.Contains(ended.stderr, step.says) || ended.stdout != "" {
			t.Errorf("keys %v ended with %+v", step.args, ended)
		}
	}
	if list := keys("list"); strings.Count(list.stdout, "\n") != 2 || !strings.Contains(list.stdout, next+"  signs") {
		t.Errorf("the keys are %+v", list)
	}
	if got := rotations(t, vars["AUDIT_LOG"]); added.code != 0 || !slices.Equal(got, want) {
		t.Errorf("in the audit log are %q, want %q", got, want)
	}
}

// TestKeysAreRotatedOnTheRecord: where events cannot be kept, no step is taken.
func TestKeysAreRotatedOnTheRecord(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, nil).stop(t)
	ended := run(t, dir, belowAFile("AUDIT_LOG", "")(t, dir), "keys", "add")
	if left := keyFiles(t, dir); ended.code != 2 || ended.stdout != "" || len(left) != 1 {
		t.Errorf("it ended with %+v, and there are %d keys", ended, len(left))
	}
}

func keyFiles(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "data", "keys", "*.pem"))
	must(t, err)
	return names
}

// rotations are the steps in an audit log, all of which were taken by the command line.
func rotations(t *testing.T, path string) (steps []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	for line := range strings.Lines(string(data)) {
		var e struct {
			Event, Step string
			KeyID       string `json:"key_id"`
			UserAgent   string `json:"user_agent"`
		}
		must(t, json.Unmarshal([]byte(line), &e))
		if e.Event == "key_rotated" && strings.HasPrefix(e.UserAgent, "latchkey keys ") {
			steps = append(steps, e.Step+" "+e.KeyID)
		}
	}
	return steps
}
