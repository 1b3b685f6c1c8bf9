package attack_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// event is a line of the audit log. The log of the program has the same, under the same names.
type event struct {
	At        time.Time
	Event     string
	UserID    string `json:"user_id"`
	SessionID string `json:"session_id"`
	IP        string
	UserAgent string `json:"user_agent"`
	RequestID string `json:"request_id"`
	KeyID     string `json:"key_id"`
	Step      string
}

// named sends every request under a name, and as one user agent.
type named struct {
	http.RoundTripper
	name string
}

func (n *named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Request-ID", n.name)
	r.Header.Set("User-Agent", "an agent")
	return n.RoundTripper.RoundTrip(r)
}

// TestEventsNameWhoDidIt: an attack that leaves no trace, or one that cannot be told from what the owner does. Lost would
// be the knowledge of who was attacked, in which session, from where, and when. Every event says so, in the log and in
// the file for audits.
func TestEventsNameWhoDidIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	s := attacked(t, map[string]string{"AUDIT_LOG": path, "THROTTLE": "on", "LOGIN_FAILURES_PER_ACCOUNT": "1/15m"})
	by := &named{RoundTripper: s.Client.Transport}
	s.Service = scenario.HTTP(&http.Client{Transport: by}, s.URL)
	ctx, bob := t.Context(), scenario.Registration{Email: "bob@example.org", Password: oldPassword}
	in, err := scenario.SignedIn{}, error(nil)
	for _, step := range []struct {
		kind string // of the event
		do   func() error
		want string // the code of the answer
	}{
		{"registered", func() error { _, err = s.Register(ctx, bob); return err }, ""},
		{"signed_in", func() error {
			in, err = s.Login(ctx, scenario.Credentials{Email: bob.Email, Password: oldPassword})
			return err
		}, ""},
		{"refreshed", func() error { _, err = s.Refresh(ctx, in.RefreshToken); return err }, ""},
		{"repeated_in_grace", func() error { _, err = s.Refresh(ctx, in.RefreshToken); return err }, ""},
		{"rolled_forward", func() error { return s.rollForward(t, in) }, ""},
		{"reused", func() error { _, err = s.Refresh(ctx, in.RefreshToken); return err }, "token_reused"},
		{"signed_in", func() error {
			in, err = s.Login(ctx, scenario.Credentials{Email: bob.Email, Password: oldPassword})
			return err
		}, ""},
		{"session_ended", func() error { return s.EndSession(ctx, in.AccessToken, sid(t, in)) }, ""},
		{"signed_in", func() error {
			in, err = s.Login(ctx, scenario.Credentials{Email: bob.Email, Password: oldPassword})
			return err
		}, ""},
		{"session_ended", func() error { _, err = s.EndSessions(ctx, in.AccessToken, false); return err }, ""},
		{"signed_in", func() error {
			in, err = s.Login(ctx, scenario.Credentials{Email: bob.Email, Password: oldPassword})
			return err
		}, ""},
		{"password_changed", func() error { return s.ChangePassword(ctx, in.AccessToken, oldPassword, newPassword) }, ""},
		{"sign_in_failed", func() error { return s.ChangePassword(ctx, in.AccessToken, oldPassword, newPassword) }, "invalid_credentials"},
		{"throttled", func() error { return s.ChangePassword(ctx, in.AccessToken, oldPassword, newPassword) }, "too_many_attempts"},
		{"signed_out", func() error { return s.Logout(ctx, in.AccessToken, "") }, ""},
	} {
		by.name = "request-" + step.kind
		if err := step.do(); step.want == "" {
			must(t, err)
		} else {
			refused(t, err, step.want)
		}
		for where, e := range s.lastEvents(t, path) {
			if e.Event != step.kind || e.UserID == "" || e.UserID == s.alice.User.ID || step.kind != "registered" && e.SessionID != sid(t, in) ||
				e.IP != "127.0.0.1" || e.UserAgent != "an agent" || e.RequestID != by.name || !e.At.Equal(s.Clock.Now().Truncate(time.Millisecond)) {
				t.Errorf("%s has %+v after %q", where, e, step.kind)
			}
		}
	}
}

// TestKeysAreWatched: somebody who can write into the folder of keys puts a key of their own there. Lost would be every
// account, and nobody would hear of it.
func TestKeysAreWatched(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	s := attacked(t, map[string]string{"AUDIT_LOG": path})
	folder := jwt.KeyFolder{Dir: filepath.Join(s.DataDir, "keys"), Now: s.Clock.Now}
	all, err := folder.List()
	must(t, err)
	id, err := folder.Add()
	must(t, err)
	for _, step := range []struct {
		do   func() error
		want event
	}{
		{func() error { return nil }, event{Event: "key_rotated", KeyID: id, Step: "added"}},
		{func() error { return folder.Activate(id, true) }, event{Event: "key_rotated", KeyID: id, Step: "activated"}},
		{func() error { return folder.Retire(all[0].ID, 0, true) }, event{Event: "key_rotated", KeyID: all[0].ID, Step: "retired"}},
	} {
		must(t, step.do())
		s.ReloadKeys(context.Background())
		for where, e := range s.lastEvents(t, path) {
			if step.want.At = e.At; e != step.want || !e.At.Equal(s.Clock.Now()) {
				t.Errorf("%s has %+v, want %+v", where, e, step.want)
			}
		}
	}
}

// lastEvents are the last event in the file for audits, and the last in the log.
func (s *service) lastEvents(t *testing.T, path string) map[string]event {
	t.Helper()
	audit, err := os.ReadFile(path)
	must(t, err)
	last := map[string]event{}
	for where, text := range map[string]string{"the audit log": string(audit), "the log": string(s.Log.Bytes())} {
		for _, line := range slices.Backward(strings.Split(strings.TrimSpace(text), "\n")) {
			var e event
			must(t, json.Unmarshal([]byte(line), &e))
			if e.Event != "" {
				last[where] = e
				break
			}
		}
	}
	if len(last) != 2 {
		t.Fatalf("events are in %v alone", last)
	}
	return last
}

// rollForward has the store lose its last write of a session, and then refreshes with the newest token.
func (s *service) rollForward(t *testing.T, in scenario.SignedIn) error {
	t.Helper()
	newest, err := s.Refresh(t.Context(), in.RefreshToken) // within the grace
	must(t, err)
	db, err := sql.Open("sqlite", s.Database())
	must(t, err)
	_, err = db.ExecContext(t.Context(), `UPDATE sessions SET generation = generation - 1 WHERE id = ?`, sid(t, in))
	must(t, err)
	must(t, db.Close())
	_, err = s.Refresh(t.Context(), newest.RefreshToken)
	return err
}

// sid is the session of a sign-in.
func sid(t *testing.T, in scenario.SignedIn) string {
	t.Helper()
	_, claims := parts(t, in.AccessToken)
	id, _ := claims["sid"].(string)
	return id
}
