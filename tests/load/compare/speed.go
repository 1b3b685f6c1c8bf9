package compare

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
)

// step is one turn of one server.
type step func(context.Context) error

// turns is what the servers do in a round. What is measured by each other follows each other.
var turns = []struct {
	op     drive.Op
	server string
}{
	{drive.Login, "latchkey bcrypt"},
	{drive.Me, "gin-hello"},
	{drive.Me, "latchkey memory"},
	{drive.Me, "gin-jwt"},
	{drive.Me, "latchkey"},
	{drive.Me, "pocketbase"},
	{drive.Refresh, "pocketbase"},
	{drive.Refresh, "latchkey"},
	{drive.Refresh, "latchkey redis"},
	{drive.Refresh, "gin-jwt redis"},
}

// stormed is the servers that a storm comes over then.
var stormed = []string{"latchkey", "quota", "gin-jwt", "pocketbase"}

// steps is the turns of a round, of those servers that are there.
func (b *bench) steps(all servers) []step {
	steps := []step{b.rawBcrypt}
	for _, turn := range turns {
		if s := all[turn.server]; s != nil {
			steps = append(steps, func(ctx context.Context) error { return b.speed(ctx, s, turn.op) })
		}
	}
	for _, name := range stormed {
		if s := all[name]; s != nil {
			steps = append(steps, func(ctx context.Context) error { return b.storm(ctx, s) })
		}
	}
	return steps
}

// speed has all clients do the same, as fast as they are answered.
func (b *bench) speed(ctx context.Context, s *server, op drive.Op) error {
	name := fmt.Sprint(op, " ", s.name)
	load := drive.Load{Groups: []drive.Group{{Clients: s.clients, Ops: []drive.Op{op}}}, Warmup: b.Slice / 5, For: b.Slice}
	result, used, err := b.run(ctx, name, s, load)
	if err != nil {
		return err
	}
	b.figures.add(name, result.Rate(op))
	t := result.Tallies[op]
	b.say("%-26s %9s/s · p50 %s p99 %s · %s", name, short(result.Rate(op)), drive.Short(t.At(50)), drive.Short(t.At(99)), used)
	if bad := t.Errors(); bad != "" {
		b.say("%-26s %s", "", bad)
	}
	return nil
}

// usedCores is how much of a core server and generator had. Where the generator had all of its own, it is the generator
// that was measured.
type usedCores struct{ server, generator float64 }

// String tells both.
func (u usedCores) String() string {
	return fmt.Sprintf("server %.2f cores, generator %.2f", u.server, u.generator)
}

// run makes a load on a server, with a line of progress, and answers what it cost.
func (b *bench) run(ctx context.Context, name string, s *server, load drive.Load) (*drive.Result, usedCores, error) {
	before, err := s.Usage()
	if err != nil {
		return nil, usedCores{}, err
	}
	self, err := machine.UsageOf(os.Getpid())
	if err != nil {
		return nil, usedCores{}, err
	}
	result := drive.Run(ctx, load, b.progress(name, s))
	if err := context.Cause(ctx); err != nil {
		return nil, usedCores{}, err
	}
	after, err := s.Usage()
	if err != nil {
		return nil, usedCores{}, err
	}
	selfAfter, err := machine.UsageOf(os.Getpid())
	return result, usedCores{after.Cores(before), selfAfter.Cores(self)}, err
}

// rawBcrypt is what the servers' core can do in bcrypt and nothing else.
func (b *bench) rawBcrypt(ctx context.Context) error {
	var out strings.Builder
	process, err := machine.Start(machine.Program{Path: b.Self[0], Args: append(b.Self[1:], b.Slice.String()), Stdout: &out, Place: onServerCore})
	if err != nil {
		return err
	}
	if err := process.Wait(ctx); err != nil {
		return fmt.Errorf("raw bcrypt: %w", err)
	}
	rate, err := strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
	if err != nil {
		return fmt.Errorf("raw bcrypt: %w", err)
	}
	b.figures.add("raw bcrypt", rate)
	b.say("%-26s %9s/s", "raw bcrypt", short(rate))
	return nil
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
