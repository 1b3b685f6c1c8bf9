package program_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

const longSecret = "a secret of more than thirty-two bytes"

func TestVersion(t *testing.T) {
	ended := run(t, t.TempDir(), nil, "version")
	if ended.code != 0 || !regexp.MustCompile(`^latchkey \S+ \(go\S+ \w+/\w+\)\n$`).MatchString(ended.stdout) || ended.stderr != "" {
		t.Errorf("the program ended with %+v", ended)
	}
}

// TestConfigListsEverySetting, its value and its default, and no secret.
func TestConfigListsEverySetting(t *testing.T) {
	const short = "hunter2"
	ended := run(t, t.TempDir(), settings{
		"PORT": "9000", "ACCESS_TOKEN_SECRET": longSecret, "IMAGE_STORE": "cloudinary://key:" + short + "@demo",
	}, "config")
	if ended.code != 0 || ended.stderr != "" || strings.Contains(ended.stdout, short) || strings.Contains(ended.stdout, longSecret) {
		t.Fatalf("the program ended with %+v", ended)
	}
	value := map[string]string{
		"PORT": "9000", "ACCESS_TOKEN_SECRET": "[hidden]", "IMAGE_STORE": "cloudinary://key:[hidden]@demo",
		// What follows from other settings is shown as well.
		"PUBLIC_URL": "http://localhost:9000", "ACCESS_TOKEN_AUDIENCE": "http://localhost:9000",
		"USER_STORE": "sqlite:data/latchkey.db", "TOKEN_STORE": "sqlite:data/latchkey.db",
	}
	lines := strings.Split(strings.TrimSpace(ended.stdout), "\n")[1:]
	all := config.Settings()
	if len(lines) != len(all) {
		t.Fatalf("%d lines for %d settings", len(lines), len(all))
	}
	for i, s := range all {
		shown := value[s.Name]
		if shown == "" {
			shown = s.Default
		}
		want := regexp.MustCompile(fmt.Sprintf(`^%s +%s +%s +%s$`, s.Name, regexp.QuoteMeta(shown), regexp.QuoteMeta(s.Default), regexp.QuoteMeta(s.Doc)))
		if !want.MatchString(lines[i]) {
			t.Errorf("%q does not match %q", lines[i], want)
		}
	}
}

// TestEnvFile: the file .env is read, and the environment wins, except where it is empty.
func TestEnvFile(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".env"), "# settings\nPORT=9001\nexport LOG_LEVEL=\"debug\"\nCOOKIE_DOMAIN=example.org\n")
	ended := run(t, dir, settings{"PORT": "9002", "LOG_LEVEL": ""}, "config")
	for _, want := range []string{`PORT +9002`, `LOG_LEVEL +debug`, `COOKIE_DOMAIN +example\.org`} {
		if !regexp.MustCompile(`(?m)^` + want).MatchString(ended.stdout) {
			t.Errorf("there is no %q in\n%s%s", want, ended.stdout, ended.stderr)
		}
	}
	write(t, filepath.Join(dir, ".env"), "PORT=none\n")
	refused(t, run(t, dir, nil), `latchkey: PORT: got "none"; takes a port from 0 to 65535`)
}

// TestMistypedSettings: in the environment, where foreign names are no wonder, one that looks like ours is pointed out.
func TestMistypedSettings(t *testing.T) {
	const hint = "LOGLEVEL is set, which is no setting: did you mean LOG_LEVEL?"
	vars := settings{"LOGLEVEL": "debug", "HOME": "/", "HOSTNAME": "x", "REDIS_PASSWORD": "x", "PATH": "/bin"}
	ended := run(t, t.TempDir(), vars, "config", "--json")
	if ended.code != 0 || ended.stderr != "latchkey: "+hint+"\n" {
		t.Errorf("the program ended with %+v", ended)
	}
	p := serve(t, t.TempDir(), vars)
	p.stop(t)
	if log := fmt.Sprint(p.log); strings.Count(log, "did you mean") != 1 || !strings.Contains(log, hint) {
		t.Errorf("the log has %s", log)
	}
}

func TestHealthcheck(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir, nil)
	_, port, _ := strings.Cut(strings.TrimPrefix(p.base, "http://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "0.0.0.0", ""} {
		if ended := run(t, dir, settings{"PORT": port, "HOST": host}, "healthcheck"); ended != (result{0, "ok\n", ""}) {
			t.Errorf("asked at %q, it says %+v", host, ended)
		}
	}
	p.stop(t)
	ended := run(t, dir, settings{"PORT": port, "HOST": "127.0.0.1"}, "healthcheck")
	if ended != (result{1, "", "latchkey: nobody answers at 127.0.0.1:" + port + "\n"}) {
		t.Errorf("nobody is there, and it says %+v", ended)
	}
}

// TestFirstStart makes what no setting gives, for its owner's eyes alone, and says so once.
func TestFirstStart(t *testing.T) {
	const said = "first start: made the secrets that no setting gives"
	dir := t.TempDir()
	first := serve(t, dir, nil)
	first.stop(t)
	if got := first.logged(said); len(got) != 1 || got[0]["refresh_token_secret"] != true || got[0]["signing_key"] != true {
		t.Errorf("the first start said %v", first.log)
	}
	files := 0
	must(t, filepath.WalkDir(filepath.Join(dir, "data"), func(path string, entry os.DirEntry, err error) error {
		must(t, err)
		info, err := entry.Info()
		must(t, err)
		if entry.Type().IsRegular() {
			files++
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		return nil
	}))
	if files < 4 { // the secret, the key, which key it is, and the database
		t.Errorf("there are %d files", files)
	}
	made := keys(t, dir)
	second := serve(t, dir, nil)
	second.stop(t)
	if got := second.logged(said); got != nil {
		t.Errorf("the second start said %v", got)
	}
	if again := keys(t, dir); again != made {
		t.Error("the second start has other keys")
	}
}

// keys are the names of the key files.
func keys(t *testing.T, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "data", "keys", "*.pem"))
	must(t, err)
	return strings.Join(names, " ")
}

// TestFirstStartWithSecretsGiven makes none, and says nothing.
func TestFirstStartWithSecretsGiven(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir, settings{"ACCESS_TOKEN_SECRET": longSecret, "REFRESH_TOKEN_SECRET": longSecret + "!"})
	answer, err := http.Get(p.base + "/readyz")
	must(t, err)
	must(t, answer.Body.Close())
	if answer.StatusCode != http.StatusOK {
		t.Errorf("/readyz answers %s", answer.Status)
	}
	p.stop(t)
	for _, name := range []string{"keys", "refresh_token_secret"} {
		if _, err := os.Stat(filepath.Join(dir, "data", name)); !os.IsNotExist(err) {
			t.Errorf("%s was made: %v", name, err)
		}
	}
	if strings.Contains(fmt.Sprint(p.log), "first start") || strings.Contains(fmt.Sprint(p.log), longSecret) {
		t.Errorf("the log is %v", p.log)
	}
}

// TestTheOperatorsPagesAreTheOperators alone: the public listener knows nothing of them.
func TestTheOperatorsPagesAreTheOperators(t *testing.T) {
	address := free(t)
	p := serve(t, t.TempDir(), settings{"OPERATOR_ADDR": address})
	for _, path := range []string{
		"/metrics", "/dashboard.json", "/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/goroutine?debug=2", "/debug/pprof/cmdline",
		"/debug/pprof/profile?seconds=1", "/debug/pprof/trace?seconds=0.1", "/debug/pprof/symbol",
	} {
		for url, want := range map[string]int{"http://" + address + path: http.StatusOK, p.base + path: http.StatusNotFound} {
			answer, err := http.Get(url)
			must(t, err)
			must(t, answer.Body.Close())
			if answer.StatusCode != want {
				t.Errorf("%s answers %s", url, answer.Status)
			}
		}
	}
	p.stop(t)
}
