package wiring

import (
	"context"
	"log/slog"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/ports"
)

// watchKeys follows the folder of keys until it is stopped.
func watchKeys(keys *jwt.Keyring, log *slog.Logger) (stop func()) {
	return ports.Every(jwt.ReloadEvery, func(context.Context) { reload(keys, log) })
}

func reload(keys *jwt.Keyring, log *slog.Logger) {
	switch rotated, err := keys.Reload(); {
	case err != nil:
		log.Error("the keys cannot be read; those that were read before stay in use", "error", err.Error())
	case rotated:
		log.Info("another key signs access tokens", "kid", keys.Active().ID)
	}
}
