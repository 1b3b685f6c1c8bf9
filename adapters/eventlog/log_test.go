package eventlog_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/eventlog"
	"github.com/latchkey-auth/latchkey/domain"
)

func TestLogWritesEveryPartOfAnEvent(t *testing.T) {
	var out bytes.Buffer
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	eventlog.NewLog(slog.New(slog.NewJSONHandler(&out, nil))).Emit(t.Context(), domain.Event{
		Kind: domain.EventReused, At: at, UserID: "u", SessionID: "s",
		Client:   domain.Client{IP: "192.0.2.1", UserAgent: "curl", RequestID: "r"},
		Rotation: domain.KeyRotation{KeyID: "k", Step: domain.KeyAdded},
	})
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"level": "WARN", "event": "reused", "at": "2030-01-02T03:04:05Z", "user_id": "u", "session_id": "s",
		"ip": "192.0.2.1", "user_agent": "curl", "request_id": "r", "key_id": "k", "step": "added",
	} {
		if line[name] != want {
			t.Errorf("%s is %v, want %s", name, line[name], want)
		}
	}
}
