package program_test

import (
	"encoding/json"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

func TestVersionInJSON(t *testing.T) {
	got := object(t, run(t, t.TempDir(), nil, "version", "--json"))
	if got["version"] == "" || got["os"] != runtime.GOOS || got["arch"] != runtime.GOARCH || got["go"] != runtime.Version() {
		t.Errorf("it says %v", got)
	}
}

func TestHealthcheckInJSON(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir, nil)
	address, err := url.Parse(p.base)
	must(t, err)
	at := settings{"PORT": address.Port(), "HOST": "127.0.0.1"}
	if got := object(t, run(t, dir, at, "healthcheck", "--json")); got["ok"] != true || got["address"] != address.Host {
		t.Errorf("it says %v", got)
	}
	p.stop(t)
	fails(t, run(t, dir, at, "healthcheck", "--json"), 1, "nobody answers at "+address.Host)
}

func TestConfigInJSON(t *testing.T) {
	ended := run(t, t.TempDir(), settings{"PORT": "9000", "ACCESS_TOKEN_SECRET": longSecret}, "config", "--json")
	lines := strings.Split(strings.TrimSpace(ended.stdout), "\n")
	all := config.Settings()
	if ended.code != 0 || len(lines) != len(all) || strings.Contains(ended.stdout, longSecret) {
		t.Fatalf("the program ended with %+v", ended)
	}
	values := map[string]string{"PORT": "9000", "ACCESS_TOKEN_SECRET": "[hidden]", "HOST": ""}
	for i, line := range lines {
		var got struct{ Name, Value, Default, Takes, Doc string }
		must(t, json.Unmarshal([]byte(line), &got))
		value, known := values[got.Name]
		if got.Name != all[i].Name || got.Default != all[i].Default || got.Takes != all[i].Takes || got.Doc != all[i].Doc || known && got.Value != value {
			t.Errorf("%s is shown as %+v", all[i].Name, got)
		}
	}
}

func TestKeysInJSON(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, nil).stop(t)
	first := object(t, run(t, dir, nil, "keys", "list", "--json"))
	if first["state"] != "signs" || first["kid"] == "" || first["since"] == "" {
		t.Errorf("the key is %v", first)
	}
	added := object(t, run(t, dir, nil, "keys", "add", "--json"))
	listed := run(t, dir, nil, "keys", "list", "--json")
	if listed.code != 0 || strings.Count(listed.stdout, "\n") != 2 || !strings.Contains(listed.stdout, `{"kid":"`+added["kid"].(string)+`","state":"accepted"`) {
		t.Errorf("the keys are %+v after %v", listed, added)
	}
}

func TestCopyInJSON(t *testing.T) {
	dir := t.TempDir()
	says(t, runWith(t, dir, nil, password, "users", "create", "--email", "ada@example.org"), `\w+\n`)
	got := object(t, run(t, dir, nil, "copy", "--from", "sqlite:"+filepath.Join("data", "latchkey.db"), "--to", "sqlite:to.db", "--json"))
	users, _ := got["users"].(map[string]any)
	source, _ := users["source"].(map[string]any)
	target, _ := users["target"].(map[string]any)
	if got["dryRun"] != false || users["written"] != 1.0 || source["count"] != 1.0 || source["checksum"] != target["checksum"] {
		t.Errorf("it says %v", got)
	}
}

// TestCompletion: each shell gets a script of its own.
func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		ended := run(t, t.TempDir(), nil, "completion", shell)
		if ended.code != 0 || !strings.Contains(ended.stdout, shell+" completion") || ended.stderr != "" {
			t.Errorf("%s gets %d and %d bytes, and %q", shell, ended.code, len(ended.stdout), ended.stderr)
		}
	}
}
