package program_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

const otherPassword = "another horse battery"

// object is what a command printed with --json: one object, on one line.
func object(t *testing.T, ended result) (got map[string]any) {
	t.Helper()
	if ended.code != 0 {
		t.Fatalf("the program ended with %+v", ended)
	}
	must(t, json.Unmarshal([]byte(oneLine(t, ended.stdout)), &got))
	return got
}

// says checks that a command did what was asked, and printed this.
func says(t *testing.T, ended result, pattern string) {
	t.Helper()
	if ended.code != 0 || !regexp.MustCompile(`^(?:`+pattern+`)$`).MatchString(ended.stdout) {
		t.Errorf("the program ended with %+v; want %q", ended, pattern)
	}
}

// fails checks that a command ended with this code, saying this at the end, and printed nothing.
func fails(t *testing.T, ended result, code int, says string) {
	t.Helper()
	if ended.code != code || ended.stdout != "" || !strings.HasSuffix(ended.stderr, "latchkey: "+says+"\n") {
		t.Errorf("the program ended with %+v; want %d and %q", ended, code, says)
	}
}

// TestUsersBesideAServingProcess: what an operator does holds at once for the process that serves.
func TestUsersBesideAServingProcess(t *testing.T) {
	dir := t.TempDir()
	audit := settings{"AUDIT_LOG": "audit.jsonl"}
	p := serve(t, dir, nil)
	s := p.service(t)

	created := runWith(t, dir, audit, password, "users", "create", "--email", "Ada@example.org", "--username", "ada", "--fullname", "Ada")
	says(t, created, `[0-9a-f]{24}\n`)
	id := strings.TrimSpace(created.stdout)
	in, err := s.Login(t.Context(), scenario.Credentials{Email: "ada@example.org", Password: password})
	must(t, err)

	for _, name := range []string{id, "ada", "ADA@example.org"} {
		shown := object(t, run(t, dir, nil, "users", "show", name, "--json"))
		sessions, _ := shown["sessions"].([]any)
		if shown["_id"] != id || shown["fullname"] != "Ada" || len(sessions) != 1 || sessions[0].(map[string]any)["endedAt"] != nil {
			t.Errorf("%s is shown as %v", name, shown)
		}
	}
	says(t, run(t, dir, nil, "users", "show", "ada"), `(?s)id +`+id+`\nemail +ada@example\.org\n.*\n\S+ +alive +.*`)

	says(t, run(t, dir, audit, "users", "end-sessions", "ada"), `sessions of `+id+` ended: 1\n`)
	isOver(t, s, in)
	if again := object(t, run(t, dir, audit, "users", "end-sessions", "ada", "--json")); again["_id"] != id || again["ended"] != 0.0 {
		t.Errorf("ended again: %v", again)
	}

	in, err = s.Login(t.Context(), scenario.Credentials{Email: "ada@example.org", Password: password})
	must(t, err)
	says(t, runWith(t, dir, audit, otherPassword+"\n", "users", "set-password", "ada"), `the password of `+id+` is set, and every session is over\n`)
	isOver(t, s, in)
	if _, err := s.Login(t.Context(), scenario.Credentials{Email: "ada@example.org", Password: password}); refusal(err) != "invalid_credentials" {
		t.Errorf("the old password gets %v", err)
	}
	in, err = s.Login(t.Context(), scenario.Credentials{Email: "ada@example.org", Password: otherPassword})
	must(t, err)

	says(t, run(t, dir, audit, "users", "delete", "ada"), id+` is deleted\n`)
	isOver(t, s, in)
	fails(t, run(t, dir, nil, "users", "show", "ada"), 1, `there is no user with the id, email or username "ada"`)
	p.stop(t)
	audited(t, filepath.Join(dir, "audit.jsonl"), "registered", "session_ended", "password_changed", "account_deleted")
}

// isOver checks that the service refuses both tokens of a session.
func isOver(t *testing.T, s scenario.Service, in scenario.SignedIn) {
	t.Helper()
	if _, err := s.Me(t.Context(), in.AccessToken); refusal(err) != "session_ended" {
		t.Errorf("the access token gets %v", err)
	}
	if _, err := s.Refresh(t.Context(), in.RefreshToken); refusal(err) != "session_ended" {
		t.Errorf("the refresh token gets %v", err)
	}
}

// audited checks which events a file has, each by a command, and that no password is in it.
func audited(t *testing.T, path string, want ...string) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) != len(want) || strings.Contains(string(data), password) || strings.Contains(string(data), otherPassword) {
		t.Fatalf("the audit log holds %s", data)
	}
	for i, line := range lines {
		var event struct {
			Event string
			Agent string `json:"user_agent"`
		}
		must(t, json.Unmarshal([]byte(line), &event))
		if event.Event != want[i] || !strings.HasPrefix(event.Agent, "latchkey users ") {
			t.Errorf("event %d is %s", i, line)
		}
	}
}

// TestUsersInJSON, of those commands of which the test above reads what people see.
func TestUsersInJSON(t *testing.T) {
	dir := t.TempDir() // where the service was never started
	var ids []any
	for _, name := range []string{"ada", "grace"} {
		made := object(t, runWith(t, dir, nil, password, "users", "create", "--email", name+"@example.org", "--json"))
		if made["email"] != name+"@example.org" || made["username"] != "" || made["createdAt"] == nil {
			t.Errorf("made is %v", made)
		}
		ids = append(ids, made["_id"])
	}
	listed := run(t, dir, nil, "users", "list", "--json")
	for _, id := range ids {
		if listed.code != 0 || strings.Count(listed.stdout, "\n") != 2 || !strings.Contains(listed.stdout, id.(string)) {
			t.Errorf("%v is not listed: %+v", id, listed)
		}
	}
	says(t, run(t, dir, nil, "users", "list"), `ID +CREATED +EMAIL +USERNAME\n(?:[0-9a-f]{24} .*@example\.org +\n){2}`)
	for _, ended := range []result{
		runWith(t, dir, nil, otherPassword, "users", "set-password", "ada@example.org", "--json"),
		run(t, dir, nil, "users", "delete", "ada@example.org", "--json"),
	} {
		if got := object(t, ended); got["_id"] != ids[0] {
			t.Errorf("it was about %v", got)
		}
	}
}

func TestUsersRefuse(t *testing.T) {
	dir := t.TempDir()
	says(t, runWith(t, dir, nil, password, "users", "create", "--email", "ada@example.org"), `\w+\n`)
	const one = " takes the id, the email or the username of one user; see --help"
	for _, c := range []struct {
		args  string
		stdin string
		code  int
		says  string
	}{
		{"users create --email ada@example.org", password, 1, "email is already in use"},
		{"users create --email ada --username a@b", "short", 2, `username must not contain "@"; email must be an address such as name@example.org; password must have at least 8 characters; see --help`},
		{"users create --email b@example.org", "", 2, "no password came on standard input; see --help"},
		{"users create --email b@example.org", "two\nlines of text", 2, "password must be text without control characters; see --help"},
		{"users create --email b@example.org", strings.Repeat("long ", 1000), 2, "password must have at most 1024 bytes; see --help"},
		{"users create", "", 2, "--email is required; see --help"},
		{"users create --password secret", password, 2, "unknown flag: --password; see --help"},
		{"users create ada", password, 2, `latchkey users create takes no argument, and got "ada"; see --help`},
		{"users set-password ada@example.org", "password", 2, "password is a common password, so it is among the first that are tried; see --help"},
		{"users set-password nobody", password, 1, `there is no user with the id, email or username "nobody"`},
		{"users show", "", 2, "latchkey users show" + one},
		{"users delete ada grace", "", 2, "latchkey users delete" + one},
		{"users end-sessions nobody", "", 1, `there is no user with the id, email or username "nobody"`},
		{"users delet ada", "", 2, `latchkey users has no command "delet" (did you mean delete?); see --help`},
		{"help usres", "", 2, `latchkey has no command "usres" (did you mean users?); see --help`},
		{"help users shwo", "", 2, `latchkey users has no command "shwo" (did you mean show?); see --help`},
		{"help users show ada", "", 2, `latchkey users show takes no argument to its help, and got "ada"; see --help`},
		{"users sing", "", 2, `latchkey users has no command "sing"; see --help`},
		{"completion sing", "", 2, `latchkey completion has no command "sing"; see --help`},
		{"completion bash sing", "", 2, `latchkey completion bash takes no argument, and got "sing"; see --help`},
	} {
		t.Run(c.args, func(t *testing.T) { fails(t, runWith(t, dir, nil, c.stdin, strings.Fields(c.args)...), c.code, c.says) })
	}
}

// TestCommandsSayWhatIsAskedForAlone: events are for the audit log.
func TestCommandsSayWhatIsAskedForAlone(t *testing.T) {
	dir := t.TempDir()
	for _, args := range []string{"create --email ada@example.org", "set-password ada@example.org", "delete ada@example.org"} {
		ended := runWith(t, dir, nil, password, strings.Fields("users "+args)...)
		says(t, ended, `.*\n`)
		if ended.stderr != "" {
			t.Errorf("users %s says %q", args, ended.stderr)
		}
	}
}

// TestUsersWhereThereAreNone: looking in the wrong folder makes nothing there, and memory is nobody else's.
func TestUsersWhereThereAreNone(t *testing.T) {
	dir := t.TempDir()
	fails(t, run(t, dir, nil, "users", "list"), 1, "there are no users yet: data/latchkey.db is not there; the first start makes it")
	fails(t, run(t, dir, settings{"USER_STORE": "mongodb://" + free(t) + "/people"}, "users", "list"), 1,
		"TOKEN_STORE: data/latchkey.db is not there; the first start makes it, or the sessions are elsewhere")
	for _, name := range []string{"USER_STORE", "TOKEN_STORE"} {
		ended := runWith(t, dir, settings{"USER_STORE": "sqlite:users.db", "TOKEN_STORE": "sqlite:users.db", name: "memory:"}, password, "users", "create", "--email", "ada@example.org")
		if line := oneLine(t, ended.stderr); ended.code != 2 || !strings.HasPrefix(line, "latchkey: "+name+`: got "memory:" (which no command can reach`) || strings.Contains(line, "memory:,") {
			t.Errorf("the program ended with %+v", ended)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("it left %v behind (%v)", left, err)
	}
}
