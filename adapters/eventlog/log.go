// Package eventlog writes events to where operators look for them.
package eventlog

import (
	"context"
	"log/slog"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.EventSink = (*Log)(nil)

// Log writes events to a structured log.
type Log struct{ logger *slog.Logger }

// NewLog makes a Log.
func NewLog(logger *slog.Logger) *Log { return &Log{logger} }

// Emit writes one line. What may be an attack, or a store that lost writes, is a warning.
func (l *Log) Emit(ctx context.Context, e domain.Event) {
	attrs := []slog.Attr{
		slog.String("event", string(e.Kind)),
		slog.Time("at", e.At),
		slog.String("user_id", string(e.UserID)),
		slog.String("session_id", string(e.SessionID)),
		slog.String("ip", e.Client.IP),
		slog.String("user_agent", e.Client.UserAgent),
		slog.String("request_id", e.Client.RequestID),
	}
	if e.Rotation.KeyID != "" {
		attrs = append(attrs, slog.String("key_id", e.Rotation.KeyID), slog.String("step", string(e.Rotation.Step)))
	}
	l.logger.LogAttrs(ctx, level(e.Kind), "event", attrs...)
}

func level(kind domain.EventKind) slog.Level {
	switch kind {
	case domain.EventReused, domain.EventRolledForward, domain.EventThrottled:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}
