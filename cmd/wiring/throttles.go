package wiring

import (
	"time"

	"github.com/latchkey-auth/latchkey/adapters/deadline"
	"github.com/latchkey-auth/latchkey/adapters/throttle"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// counter is an engine that can keep the counts of throttles, and shares them among all processes that use it.
type counter interface {
	Throttle(name string, limit config.Limit) ports.Throttle
}

// throttles makes the throttles of the settings: where sessions are kept, or else users, if that engine can, and in
// this process if neither can. Nothing is lost by that: where such an engine does not answer, its store does not either.
func (s *stores) throttles(cfg config.Config, now func() time.Time) func(name string, limit config.Limit) ports.Throttle {
	if !cfg.Throttle {
		return func(string, config.Limit) ports.Throttle { return throttle.Unlimited{} }
	}
	for _, url := range []config.StoreURL{cfg.TokenStore, cfg.UserStore} {
		if shared, ok := s.engines[url].(counter); ok {
			return func(name string, limit config.Limit) ports.Throttle {
				return &deadline.Throttle{Throttle: shared.Throttle(name, limit), Timeout: s.timeout}
			}
		}
	}
	return func(_ string, limit config.Limit) ports.Throttle {
		return throttle.NewMemory(throttle.Limit{Count: limit.Count, Per: limit.Per}, now)
	}
}
