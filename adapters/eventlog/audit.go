package eventlog

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.EventSink = (*Audit)(nil)

// Audit appends events to a file, a JSON object a line, for those who have to keep them.
type Audit struct {
	log *slog.Logger

	mu   sync.Mutex
	file *os.File
}

// OpenAudit opens the file, of mode 0600 where it is new. What cannot be written later is said in the log.
func OpenAudit(path string, log *slog.Logger) (*Audit, error) {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &Audit{log: log, file: file}, nil
}

// line is an event as it stands in the file.
type line struct {
	At        time.Time        `json:"at"`
	Event     domain.EventKind `json:"event"`
	UserID    domain.UserID    `json:"user_id,omitempty"`
	SessionID domain.SessionID `json:"session_id,omitempty"`
	IP        string           `json:"ip,omitempty"`
	UserAgent string           `json:"user_agent,omitempty"`
	RequestID string           `json:"request_id,omitempty"`
	KeyID     string           `json:"key_id,omitempty"`
	Step      domain.KeyStep   `json:"step,omitempty"`
}

// Emit appends one line, in one write, so that several processes may share the file.
func (a *Audit) Emit(ctx context.Context, e domain.Event) {
	encoded, _ := json.Marshal(line{
		e.At, e.Kind, e.UserID, e.SessionID, e.Client.IP, e.Client.UserAgent, e.Client.RequestID, e.Rotation.KeyID, e.Rotation.Step,
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, err := a.file.Write(append(encoded, '\n')); err != nil {
		a.log.LogAttrs(ctx, slog.LevelError, "an event is missing in the audit log",
			slog.String("event", string(e.Kind)), slog.String("error", err.Error()))
	}
}

// Close closes the file.
func (a *Audit) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.file.Close()
}

// Both tells two sinks.
func Both(one, other ports.EventSink) ports.EventSink { return both{one, other} }

type both struct{ one, other ports.EventSink }

func (b both) Emit(ctx context.Context, e domain.Event) {
	b.one.Emit(ctx, e)
	b.other.Emit(ctx, e)
}
