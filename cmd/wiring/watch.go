package wiring

import (
	"github.com/latchkey-auth/latchkey/adapters/metrics"
	"github.com/latchkey-auth/latchkey/ports"
)

// watch is who looks on while the stores work. It stands right before each engine, so that it sees what the engine does
// even where two are read side by side. A nil watch is nobody: commands are not watched.
type watch struct{ metrics *metrics.Metrics }

func (w *watch) users(next ports.UserRepository) ports.UserRepository {
	if w == nil {
		return next
	}
	return w.metrics.Users(next)
}

func (w *watch) sessions(next ports.TokenStore) ports.TokenStore {
	if w == nil {
		return next
	}
	return w.metrics.Sessions(next)
}

func (w *watch) callers(next ports.Callers) ports.Callers {
	if w == nil {
		return next
	}
	return w.metrics.Callers(next)
}
