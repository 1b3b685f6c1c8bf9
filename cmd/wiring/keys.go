package wiring

import (
	"context"
	"log/slog"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
)

// watchKeys follows the folder of keys until it is stopped.
func watchKeys(keys *jwt.Keyring, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(jwt.ReloadEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				reload(keys, log)
			}
		}
	}()
	return func() {
		cancel()
		<-stopped
	}
}

func reload(keys *jwt.Keyring, log *slog.Logger) {
	switch rotated, err := keys.Reload(); {
	case err != nil:
		log.Error("the keys cannot be read; those that were read before stay in use", "error", err.Error())
	case rotated:
		log.Info("another key signs access tokens", "kid", keys.Active().ID)
	}
}
