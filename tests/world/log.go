package world

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"sync"
	"testing"
)

// Log is what a service logs, at debug level and in JSON.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write takes what is logged.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// Bytes is all that was logged.
func (l *Log) Bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.text.Bytes())
}

// Lines is what was logged with this message for one request.
func (l *Log) Lines(t *testing.T, message, requestID string) (lines []map[string]any) {
	t.Helper()
	for raw := range bytes.Lines(l.Bytes()) {
		line := map[string]any{}
		if err := json.Unmarshal(raw, &line); err != nil {
			t.Fatalf("logged no JSON: %q", raw)
		}
		if line["msg"] == message && line["request_id"] == requestID {
			lines = append(lines, line)
		}
	}
	return lines
}

func (l *Log) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
