package eventlog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/eventlog"
	"github.com/latchkey-auth/latchkey/domain"
)

func openAudit(t *testing.T, path string, log *bytes.Buffer) *eventlog.Audit {
	t.Helper()
	audit, err := eventlog.OpenAudit(path, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = audit.Close() })
	return audit
}

func TestAuditKeepsEveryEventOnALineOfItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	at := time.Date(2030, 1, 2, 3, 4, 5, 6e6, time.UTC)
	const writers, each = 8, 50
	var all sync.WaitGroup
	for range writers { // each with the file opened on its own, as processes have it
		audit := openAudit(t, path, new(bytes.Buffer))
		all.Go(func() {
			for range each {
				audit.Emit(t.Context(), domain.Event{Kind: domain.EventSignedIn, At: at, UserID: "u", SessionID: "s",
					Client:   domain.Client{IP: "192.0.2.1", UserAgent: "two\nlines", RequestID: "r"},
					Rotation: domain.KeyRotation{KeyID: "k", Step: domain.KeyRetired}})
			}
		})
	}
	all.Wait()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) != writers*each {
		t.Errorf("%d lines of %d", len(lines), writers*each)
	}
	for _, line := range lines {
		var got map[string]string
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"at": "2030-01-02T03:04:05.006Z", "event": "signed_in", "user_id": "u", "session_id": "s",
			"ip": "192.0.2.1", "user_agent": "two\nlines", "request_id": "r", "key_id": "k", "step": "retired"}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v (%v)", info.Mode(), err)
	}
}

func TestAuditSaysWhatItCouldNotWrite(t *testing.T) {
	var log bytes.Buffer
	audit := openAudit(t, filepath.Join(t.TempDir(), "audit.jsonl"), &log)
	if err := audit.Close(); err != nil {
		t.Fatal(err)
	}
	audit.Emit(t.Context(), domain.Event{Kind: domain.EventReused})
	if !strings.Contains(log.String(), "missing in the audit log") || !strings.Contains(log.String(), "event=reused") {
		t.Errorf("the log has %q", log.String())
	}
}

func TestBothAreTold(t *testing.T) {
	var one, other bytes.Buffer
	sink := eventlog.Both(eventlog.NewLog(slog.New(slog.NewTextHandler(&one, nil))), eventlog.NewLog(slog.New(slog.NewTextHandler(&other, nil))))
	sink.Emit(t.Context(), domain.Event{Kind: domain.EventSignedOut})
	if !strings.Contains(one.String(), "signed_out") || !strings.Contains(other.String(), "signed_out") {
		t.Errorf("one was told %q, the other %q", one.String(), other.String())
	}
}
