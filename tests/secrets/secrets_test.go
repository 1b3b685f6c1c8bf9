// Package secrets_test looks for secrets where none may be: in the log, the events, the metrics, the traces, the database,
// in answers that refuse, and in whatever is printed.
package secrets_test

import (
	"bytes"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/latchkey-auth/latchkey/tests/collector"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// given are secrets that come from the settings.
var given = map[string]string{
	"ACCESS_TOKEN_SECRET":  "an access secret of more than 32 bytes",
	"REFRESH_TOKEN_SECRET": "a refresh secret of more than 32 bytes",
}

// TestSecretsStayOutOfLogAndDatabase plays every behaviour over HTTP, and then looks for every password, token, cookie,
// key and secret that was used, in what was logged at debug level, in the audit log, in the metrics, in the traces, in what
// was answered to requests that were refused, and in the bytes of the database.
func TestSecretsStayOutOfLogAndDatabase(t *testing.T) {
	for name, secrets := range map[string]map[string]string{"secrets that were made": nil, "secrets that were given": given} {
		t.Run(name, func(t *testing.T) {
			total := map[string]int{}
			scenario.Run(t, func(t *testing.T, settings map[string]string) scenario.World {
				audit := filepath.Join(t.TempDir(), "audit.jsonl")
				traces, r := collector.Open(t), newRecorder(nil)
				t.Cleanup(func() { total["span"] += searchTraces(t, traces, r) }) // once the service has stopped, and sent them all
				w := world.Open(t, secrets, settings, map[string]string{"AUDIT_LOG": audit, "OTEL_EXPORTER_OTLP_ENDPOINT": traces.URL})
				r.RoundTripper = w.Client.Transport
				t.Cleanup(func() {
					total["event"] += search(t, w, r, audit)
					total["refusal"] += bytes.Count(r.refusals.Bytes(), []byte("\"success\":false"))
					for kind, all := range r.seen {
						total[kind] += len(all)
					}
				})
				service := scenario.HTTP(&http.Client{Transport: r}, w.URL)
				return scenario.World{Service: service, Clock: w.Clock, ImagesLeft: func() int { return w.ImagesLeft(t) }}
			})
			for _, kind := range []string{"password", "token", "cookie", "bearer token", "event", "refusal", "hash", "email", "span"} {
				if total[kind] < 10 {
					t.Errorf("only %d of the kind %q passed: %v", total[kind], kind, total)
				}
			}
		})
	}
}

// search looks for what was seen on the wire and what the service keeps to itself. It answers how many events there were.
func search(t *testing.T, w *world.World, r *recorder, audit string) (events int) {
	t.Helper()
	log, database := w.Log.Bytes(), databaseBytes(t, w)
	audited, err := os.ReadFile(audit)
	must(t, err)
	told := map[string][]byte{"log": log, "audit log": audited, "metrics": metrics(w), "answer to a refused request": r.refusals.Bytes()}
	for _, value := range given {
		r.add("setting", value)
	}
	for _, value := range keptFiles(t, w) {
		r.add("file", value)
	}
	for kind, all := range r.seen {
		for secret := range all {
			absent(t, "database", database, kind, secret)
			for where, bytes := range told {
				absent(t, where, bytes, kind, secret)
			}
		}
	}
	hashes, emails := users(t, w)
	for _, hash := range hashes {
		r.add("hash", hash)
		for where, bytes := range told {
			absent(t, where, bytes, "hash", hash)
		}
	}
	for _, email := range emails { // the search finds what there is
		if !bytes.Contains(database, []byte(email)) {
			t.Errorf("the database does not even have %s", email)
		}
		r.add("email", email)
	}
	if len(log) == 0 || len(told["metrics"]) == 0 {
		t.Error("there is no log, or there are no metrics")
	}
	return bytes.Count(audited, []byte("\n"))
}

// searchTraces looks for all of that in the traces, and answers how many spans there were. Who has an account is not told
// there either.
func searchTraces(t *testing.T, traces *collector.Collector, r *recorder) (spans int) {
	t.Helper()
	told := traces.Bytes()
	for kind, all := range r.seen {
		for secret := range all {
			absent(t, "traces", told, kind, secret)
		}
	}
	return len(traces.Spans())
}

// metrics are the figures that operators see.
func metrics(w *world.World) []byte {
	answer := httptest.NewRecorder()
	w.Operator.ServeHTTP(answer, httptest.NewRequest("GET", "http://localhost/metrics", nil))
	return answer.Body.Bytes()
}

// absent checks that a secret is not to be found. It does not show it either.
func absent(t *testing.T, where string, content []byte, kind, secret string) {
	t.Helper()
	if at := bytes.Index(content, []byte(secret)); at >= 0 {
		t.Errorf("the %s holds a %s of %d bytes, after %q", where, kind, len(secret), content[max(0, at-80):at])
	}
}

// databaseBytes is the database's files as they are, the log that is ahead of it included.
func databaseBytes(t *testing.T, w *world.World) (all []byte) {
	t.Helper()
	paths, err := filepath.Glob(w.Database() + "*")
	must(t, err)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		must(t, err)
		all = append(all, data...)
	}
	return all
}

// keptFiles are the secrets that the service made: of a key, each line.
func keptFiles(t *testing.T, w *world.World) (secrets []string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(w.DataDir, "keys", "*.pem"))
	must(t, err)
	for _, path := range append(paths, filepath.Join(w.DataDir, "refresh_token_secret")) {
		data, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue // it was given
		}
		must(t, err)
		for line := range strings.Lines(string(data)) {
			if !strings.HasPrefix(line, "-----") {
				secrets = append(secrets, strings.TrimSpace(line))
			}
		}
	}
	return secrets
}

// users are the hashes and the emails of everybody who is registered.
func users(t *testing.T, w *world.World) (hashes, emails []string) {
	t.Helper()
	db, err := sql.Open("sqlite", w.Database())
	must(t, err)
	defer func() { must(t, db.Close()) }()
	rows, err := db.Query(`SELECT password_hash, coalesce(email, '') FROM users`)
	must(t, err)
	defer func() { must(t, rows.Close()) }()
	for rows.Next() {
		var hash, email string
		must(t, rows.Scan(&hash, &email))
		hashes, emails = append(hashes, hash), append(emails, email)
	}
	must(t, rows.Err())
	return hashes, emails
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
