package compare

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// manyStarts is how often a start is measured, after a first one that makes the folder.
const manyStarts = 9

// starts measures how long it takes from the start of Latchkey to its first answer, and what it holds then.
func (b *bench) starts(ctx context.Context) error {
	for i := range 1 + manyStarts {
		s, err := b.serve(ctx, "start", service.Latchkey(), b.latchkey(onServerCore))
		if err != nil {
			return err
		}
		if i > 0 {
			b.figures.add("start", float64(s.took.Microseconds())/1000)
		}
		if err := s.stop(); err != nil {
			return err
		}
	}
	took, _ := b.figures.of("start")
	b.say("%-26s %s %s", "start to first answer", took.in(milliseconds), took.spread())
	return settle(ctx, time.Second)
}
