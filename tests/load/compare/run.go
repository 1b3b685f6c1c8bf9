package compare

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
)

// usedCores is how much of a core server and generator had. Where the generator had all of its own and the server had not,
// it is the generator that was measured.
type usedCores struct{ server, generator float64 }

// String tells both.
func (u usedCores) String() string {
	return fmt.Sprintf("server %.2f cores, generator %.2f", u.server, u.generator)
}

// plus adds a share of another.
func (u usedCores) plus(other usedCores, share float64) usedCores {
	return usedCores{u.server + share*other.server, u.generator + share*other.generator}
}

// run makes a load on a server, with a line of progress, and answers what it cost.
func (b *bench) run(ctx context.Context, name string, s *server, load drive.Load) (result *drive.Result, used usedCores, err error) {
	used, err = s.spends(func() error {
		result = drive.Run(ctx, load, b.progress(name, s))
		return context.Cause(ctx)
	})
	return result, used, err
}

// spends is what something costs a server and this process.
func (s *server) spends(do func() error) (used usedCores, err error) {
	before, err := s.Usage()
	if err != nil {
		return usedCores{}, err
	}
	self, err := machine.UsageOf(os.Getpid())
	if err != nil {
		return usedCores{}, err
	}
	if err := do(); err != nil {
		return usedCores{}, err
	}
	after, err := s.Usage()
	if err != nil {
		return usedCores{}, err
	}
	selfAfter, err := machine.UsageOf(os.Getpid())
	return usedCores{after.Cores(before), selfAfter.Cores(self)}, err
}

// progress is the line of a load, where somebody sits before a terminal.
func (b *bench) progress(name string, s *server) *drive.Progress {
	if !b.Terminal {
		return nil
	}
	last, _ := s.Usage()
	return &drive.Progress{To: b.log, Name: name, More: func() string {
		now, err := s.Usage()
		if err != nil {
			return err.Error()
		}
		line := fmt.Sprintf("%.0f %% of a core, %.0f MiB", 100*now.Cores(last), float64(now.Resident)/machine.MiB)
		last = now
		return line
	}}
}

// settle lets a server come to rest, which is none of what is measured next.
func settle(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
