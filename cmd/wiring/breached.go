package wiring

import (
	"log/slog"

	"github.com/latchkey-auth/latchkey/adapters/breach"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// breached is who is asked whether a password leaked; nil where nobody is.
func breached(cfg config.Config, log *slog.Logger) ports.BreachedPasswords {
	if cfg.PasswordBreachURL == nil {
		return nil
	}
	return breach.NewRange(&cfg.PasswordBreachURL.URL, log)
}
