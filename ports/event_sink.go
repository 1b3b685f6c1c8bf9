package ports

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
)

// EventSink is told what happened. It neither fails nor blocks its caller for long: a sink that cannot keep up
// or cannot write says so in the log.
type EventSink interface {
	Emit(ctx context.Context, e domain.Event)
}
