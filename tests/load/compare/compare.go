// Package compare runs Latchkey and its peers in turns, and says what must be true of them and whether it is.
package compare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/machine"
)

// Options says how much to measure.
type Options struct {
	Rounds  int
	Slice   time.Duration // of each side of a contest in a round, and of each phase of a storm; sign-ins have twice that
	Clients int           // of the loads that are no storms
	Soak    time.Duration // none where zero
	Plot    string        // the folder of the plot; none where empty
	Set     []string      // further settings of Latchkey, as NAME=VALUE
	Verbose bool          // shows what the servers say
	// Terminal says that somebody can read a line that is written anew again and again.
	Terminal bool
	// Self is this program with what it takes to compute bcrypt for the time that follows, and print how many hashes a
	// second that was.
	Self []string
}

// bench is a comparison under way.
type bench struct {
	Options
	work    string // folder
	figures figures
	storms  map[string]*timeline // of the last round, by server, for the plot
	out     io.Writer            // the table
	log     io.Writer            // everything else
}

// ErrMissed: something is not as it must be.
var ErrMissed = errors.New("not everything is as it must be")

// newBench makes a bench with a folder of its own, which done removes.
func newBench(o Options, out, log io.Writer) (b *bench, done func() error, err error) {
	work, err := os.MkdirTemp("", "latchkey-load-")
	if err != nil {
		return nil, nil, err
	}
	b = &bench{Options: o, work: work, figures: figures{}, storms: map[string]*timeline{}, out: out, log: log}
	return b, func() error { return os.RemoveAll(work) }, nil
}

// Run compares. This process runs on one core from then on.
func Run(ctx context.Context, o Options, out, log io.Writer) (err error) {
	b, done, err := newBench(o, out, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	b.say("building Latchkey, gin-jwt and PocketBase")
	if err := Build(ctx, filepath.Join(b.work, "bin"), "latchkey", "ginjwt", "pocketbase"); err != nil {
		return err
	}
	if err := machine.PinSelf(otherCore); err != nil {
		return err
	}
	if err := b.rounds(ctx); err != nil {
		return err
	}
	for _, measure := range []func(context.Context) error{b.starts, b.fsyncs, b.soak} {
		if err := measure(ctx); err != nil {
			return err
		}
	}
	return b.report()
}

// rounds has the servers do everything in turns, so that none of them meets another machine than the others.
func (b *bench) rounds(ctx context.Context) (err error) {
	all, err := b.startAll(ctx)
	defer func() { err = errors.Join(err, all.stop()) }()
	if err != nil {
		return err
	}
	steps := b.steps(all)
	for round := range b.Rounds {
		b.say("round %d of %d", round+1, b.Rounds)
		if round%2 == 1 { // nobody is always the first
			slices.Reverse(steps)
		}
		if err := b.round(ctx, steps); err != nil {
			return err
		}
		if round%2 == 1 {
			slices.Reverse(steps)
		}
	}
	return nil
}

// keptByHost is the share of the time that the host of a virtual machine gave to others. Where it is much, milliseconds are
// the host's.
const keptByHost = "kept by the host"

// round does everything once.
func (b *bench) round(ctx context.Context, steps []func(context.Context) error) error {
	before, err := machine.HostSoFar()
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	after, err := machine.HostSoFar()
	if err != nil {
		return err
	}
	b.figures.add(keptByHost, 100*after.Kept(before))
	return nil
}

// steps is what happens in a round: contests, storms over those servers that are there, and the storm for memory's sake.
func (b *bench) steps(all servers) (steps []func(context.Context) error) {
	for _, c := range b.contests(all) {
		steps = append(steps, func(ctx context.Context) error { return b.compete(ctx, c) })
	}
	for _, each := range stormed {
		if s := all[each.name]; s != nil {
			steps = append(steps, func(ctx context.Context) error { return b.storm(ctx, s, each.cost) })
		}
	}
	return append(steps, b.memory)
}

// report prints the table, and draws the plot.
func (b *bench) report() error {
	fmt.Fprintln(b.out)
	bad := b.figures.print(b.out, "Latchkey", rows)
	fmt.Fprintln(b.out)
	b.figures.print(b.out, "peer", peers)
	if kept, ok := b.figures.of(keptByHost); ok {
		fmt.Fprintf(b.out, "\nOf the time that the cores had work for, the host gave %s to others %s.\n", kept.in(percent), kept.spread())
	}
	if b.Plot != "" {
		path, err := b.plot()
		if err != nil {
			return err
		}
		b.say("the storm is drawn in %s", path)
	}
	if bad > 0 {
		return fmt.Errorf("%w: %d rows", ErrMissed, bad)
	}
	return nil
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.log, format+"\n", args...) }
