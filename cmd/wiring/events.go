package wiring

import (
	"log/slog"

	"github.com/latchkey-auth/latchkey/adapters/eventlog"
	"github.com/latchkey-auth/latchkey/adapters/ownership"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// OpenEvents is where events go: to the log, and to a file of their own where one is named.
func OpenEvents(cfg config.Config, log *slog.Logger) (ports.EventSink, func() error, error) {
	toLog := eventlog.NewLog(log)
	if cfg.AuditLog == "" {
		return toLog, func() error { return nil }, nil
	}
	audit, err := openAudit(cfg.AuditLog, log)
	if err != nil {
		return nil, func() error { return nil }, config.Wrong("AUDIT_LOG", cfg.AuditLog, cause(err))
	}
	return eventlog.Both(toLog, audit), audit.Close, nil
}

func openAudit(path string, log *slog.Logger) (*eventlog.Audit, error) {
	if err := ownership.Create(path); err != nil {
		return nil, err
	}
	return eventlog.OpenAudit(path, log)
}
