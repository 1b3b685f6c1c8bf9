package eventlog_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/eventlog"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestLogIsAnEventSink(t *testing.T) {
	porttest.TestEventSink(t, func(t *testing.T) (ports.EventSink, func() []domain.Event) {
		var log bytes.Buffer
		return eventlog.NewLog(slog.New(slog.NewJSONHandler(&log, nil))), func() []domain.Event { return events(t, log.Bytes()) }
	})
}

func TestAuditIsAnEventSink(t *testing.T) {
	porttest.TestEventSink(t, func(t *testing.T) (ports.EventSink, func() []domain.Event) {
		path := filepath.Join(t.TempDir(), "audit.jsonl")
		return openAudit(t, path, new(bytes.Buffer)), func() []domain.Event {
			lines, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return events(t, lines)
		}
	})
}

// events reads JSON lines as programs do: both have the same names for the parts of an event.
func events(t *testing.T, lines []byte) (all []domain.Event) {
	t.Helper()
	for decoder := json.NewDecoder(bytes.NewReader(lines)); ; {
		var line struct {
			Event     domain.EventKind `json:"event"`
			At        time.Time        `json:"at"`
			UserID    domain.UserID    `json:"user_id"`
			SessionID domain.SessionID `json:"session_id"`
			IP        string           `json:"ip"`
			UserAgent string           `json:"user_agent"`
			RequestID string           `json:"request_id"`
			KeyID     string           `json:"key_id"`
			Step      domain.KeyStep   `json:"step"`
		}
		if err := decoder.Decode(&line); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, domain.Event{
			Kind: line.Event, At: line.At, UserID: line.UserID, SessionID: line.SessionID,
			Client:   domain.Client{IP: line.IP, UserAgent: line.UserAgent, RequestID: line.RequestID},
			Rotation: domain.KeyRotation{KeyID: line.KeyID, Step: line.Step},
		})
	}
}
