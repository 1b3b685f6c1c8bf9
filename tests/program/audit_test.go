package program_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

func TestAuditLogHoldsWhatHappened(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir, settings{"AUDIT_LOG": "audit.jsonl"})
	const email, password = "ada@example.org", "correct horse battery"
	_, err := p.service(t).Register(t.Context(), scenario.Registration{Email: email, Password: password})
	must(t, err)
	_, err = p.service(t).Login(t.Context(), scenario.Credentials{Email: email, Password: password})
	must(t, err)
	p.stop(t)
	data, err := os.ReadFile(filepath.Join(dir, "audit.jsonl"))
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"event":"registered"`) || !strings.Contains(lines[1], `"event":"signed_in"`) {
		t.Errorf("the audit log holds %q", data)
	}
	if strings.Contains(string(data), password) {
		t.Error("the audit log holds a password")
	}
}
