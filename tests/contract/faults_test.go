package contract_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// damage runs a statement on the database of a running service, behind its back.
func (s service) damage(t *testing.T, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", s.Database())
	must(t, err)
	_, err = db.Exec(statement)
	must(t, err)
	must(t, db.Close())
}

// TestDamagedHashesAreFaults: whatever stands where a hash should, the answer is 500 for its owner alone, the log has the
// cause under the request's id, once, and neither shows what was stored.
func TestDamagedHashesAreFaults(t *testing.T) {
	s := open(t)
	for name, hash := range map[string]string{
		"64 GiB of memory":  "$argon2id$v=19$m=67108864,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
		"a million passes":  "$argon2id$v=19$m=8,t=1000000,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
		"bcrypt of cost 31": "$2b$31$abcdefghijklmnopqrstuuAbCdEfGhIjKlMnOpQrStUvWxYz01234",
		"cut short":         "$argon2id$v=19$m=8,t=1",
		"plain text":        passphrase,
	} {
		t.Run(name, func(t *testing.T) {
			person, other := s.register(t), s.caller(t)
			s.damage(t, `UPDATE users SET password_hash = '`+hash+`' WHERE email = '`+person["email"]+`'`)
			id := strings.ReplaceAll(name, " ", "-")
			a := s.send(t, "POST", "/login", asJSON(person), header("X-Request-ID", id))
			a.expect(t, http.StatusInternalServerError, "internal").blames(t)
			lines := s.Log.Lines(t, "request failed", id)
			if len(lines) != 1 || lines[0]["level"] != "ERROR" || !strings.Contains(lines[0]["error"].(string), "the stored hash is damaged") {
				t.Errorf("the log has %v", lines)
			}
			for _, seen := range []string{string(a.raw), string(s.Log.Bytes())} {
				if strings.Contains(seen, hash) || strings.Contains(string(a.raw), "hash") {
					t.Error("the inside is shown")
				}
			}
			s.alive(t, other)
		})
	}
}

// TestStoresThatDoNotAnswer: whoever needs a store gets 503, and the log has the cause under the request's id.
func TestStoresThatDoNotAnswer(t *testing.T) {
	s := open(t)
	in := s.caller(t)
	must(t, s.Close())
	for _, r := range routes {
		a := s.send(t, r.method, r.path, r.body(newcomer(), in), bearer(in.AccessToken), header("X-Request-ID", "id-"+r.method+r.path))
		a.expect(t, http.StatusServiceUnavailable, "unavailable").blames(t)
		if a.header.Get("Retry-After") != "1" || strings.Contains(string(a.raw), "database") || a.header["Set-Cookie"] != nil {
			t.Errorf("%v: %v %s", r, a.header, a.raw)
		}
		lines := s.Log.Lines(t, "request failed", "id-"+r.method+r.path)
		if len(lines) != 1 || !strings.Contains(lines[0]["error"].(string), "the database is closed") {
			t.Errorf("%v: the log has %v", r, lines)
		}
	}
}

func TestHealth(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := s.fetch(t, "GET", path); a.status != http.StatusOK || strings.TrimSpace(string(a.raw)) != `{"status":"ok"}` {
			t.Errorf("%s answers %d %s", path, a.status, a.raw)
		}
		if a := s.fetch(t, "HEAD", path); a.status != http.StatusOK || len(a.raw) > 0 {
			t.Errorf("%s answers a probe %d %s", path, a.status, a.raw)
		}
	}
	must(t, s.Close())
	if a := s.fetch(t, "GET", "/healthz"); a.status != http.StatusOK {
		t.Errorf("the process is up, and /healthz answers %d", a.status)
	}
	a := s.fetch(t, "GET", "/readyz")
	a.open(t)
	a.expect(t, http.StatusServiceUnavailable, "unavailable")
}
