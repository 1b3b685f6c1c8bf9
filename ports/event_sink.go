package ports

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
)

// EventSink is told what happened.
type EventSink interface {
	// Emit keeps an event with all its parts, those of one caller in their order. It neither fails nor blocks its caller for
	// long: a sink that cannot keep up or cannot write says so in the log. What happened has happened: a context that has
	// ended, since the client left, is no reason to leave it out.
	Emit(ctx context.Context, e domain.Event)
}
