package wiring

import (
	"context"
	"log/slog"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// keyWatch follows the folder of keys until it is stopped.
type keyWatch struct {
	keys   *jwt.Keyring
	events ports.EventSink
	log    *slog.Logger
	now    func() time.Time
	stop   func()
}

func watchKeys(keys *jwt.Keyring, events ports.EventSink, opts Options) *keyWatch {
	w := &keyWatch{keys: keys, events: events, log: opts.Logger, now: opts.Now}
	w.stop = ports.Every(jwt.ReloadEvery, w.reload)
	return w
}

// ReloadKeys notices now what has changed in the folder of keys. It happens by itself every jwt.ReloadEvery.
func (l *Latchkey) ReloadKeys(ctx context.Context) { l.keys.reload(ctx) }

func (w *keyWatch) reload(ctx context.Context) {
	steps, err := w.keys.Reload()
	if err != nil {
		w.log.Error("the keys cannot be read; those that were read before stay in use", "error", err.Error())
	}
	for _, step := range steps {
		w.events.Emit(ctx, domain.Event{Kind: domain.EventKeyRotated, At: w.now().UTC(), Rotation: step})
	}
}
