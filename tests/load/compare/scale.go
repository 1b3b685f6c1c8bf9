package compare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// ScaleOptions says how much to measure how a store grows.
type ScaleOptions struct {
	Store    string // sqlite, redis or mongo
	Few      Size
	Many     Size
	Rounds   int
	Requests int           // of each kind
	Every    time.Duration // from one request to the next, of all clients together
	Verbose  bool
	Terminal bool
}

// Size is how much a store holds.
type Size struct{ Users, Sessions int }

// String is the size as the table has it.
func (s Size) String() string {
	return short(float64(s.Users)) + " users, " + short(float64(s.Sessions)) + " sessions"
}

// mostTimes is what a percentile may be of that with few users.
const mostTimes = 1.5

// scaled is a store of one size.
type scaled struct {
	name string
	size Size
	env  []string
	stop func() error
}

// Scale measures Latchkey on a store with few users and on one with many, in turns.
func Scale(ctx context.Context, o ScaleOptions, out, log io.Writer) (err error) {
	b, done, err := newBench(Options{Verbose: o.Verbose, Terminal: o.Terminal}, out, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	b.say("building Latchkey")
	names := []string{"filled"}
	if o.Store == "mongo" {
		names = append(names, "ferretdb")
	}
	if err := Build(ctx, filepath.Join(b.work, "bin"), names...); err != nil {
		return err
	}
	var stores []scaled
	for _, each := range []scaled{{name: "few", size: o.Few}, {name: "many", size: o.Many}} {
		if err := b.open(ctx, o.Store, &each); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, each.stop()) }()
		if err := b.fill(ctx, each); err != nil {
			return err
		}
		stores = append(stores, each)
	}
	if err := machine.PinSelf(otherCore); err != nil {
		return err
	}
	for round := range o.Rounds {
		b.say("round %d of %d", round+1, o.Rounds)
		for _, each := range stores {
			if err := b.grown(ctx, o, each); err != nil {
				return err
			}
		}
	}
	return b.reportScale(o)
}

// fill writes the users and the sessions, wherever there is a core free.
func (b *bench) fill(ctx context.Context, s scaled) error {
	b.say("%s: filling in %v", s.name, s.size)
	process, err := machine.Start(machine.Program{
		Path: b.program("filled"), Args: []string{"fill", fmt.Sprint(s.size.Users), fmt.Sprint(s.size.Sessions)},
		Env: s.env, Stdout: b.log, Stderr: b.log,
	})
	if err != nil {
		return err
	}
	if err := process.Wait(ctx); err != nil {
		return err
	}
	unix.Sync() // else the disk is busy with it while something else is measured
	return nil
}

// grown measures one round on one store. Everything is asked of people and sessions anywhere in it. The service starts
// anew before me, so that it has nothing of them in memory: each session is met for the first time, and then again.
func (b *bench) grown(ctx context.Context, o ScaleOptions, s scaled) error {
	var sessions [calmClients][]service.Tokens
	err := b.served(ctx, s, func(at *server) error {
		clients := drive.NewClients(at.service, at.addr, calmClients, 1)
		defer drive.CloseAll(clients)
		people := rand.Perm(s.size.Users)
		var next atomic.Int64
		for _, c := range clients {
			c.Collect = true
			c.Next = func() service.Account { return service.Numbered(people[int(next.Add(1))%len(people)]) }
		}
		if err := b.phase(ctx, o, at, s.name, "sign-in", clients, drive.Login); err != nil {
			return err
		}
		for i, c := range clients {
			sessions[i] = c.Sessions
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.served(ctx, s, func(at *server) error {
		clients := drive.NewClients(at.service, at.addr, calmClients, 1)
		defer drive.CloseAll(clients)
		for i, c := range clients {
			c.Sessions = sessions[i]
		}
		for _, phase := range []struct {
			name string
			op   drive.Op
		}{{"me, first", drive.Me}, {"me, again", drive.Me}, {"refresh", drive.Refresh}} {
			if err := b.phase(ctx, o, at, s.name, phase.name, clients, phase.op); err != nil {
				return err
			}
		}
		return nil
	})
}

// served calls do while the service runs.
func (b *bench) served(ctx context.Context, s scaled, do func(*server) error) (err error) {
	at, err := b.serve(ctx, s.name, service.Latchkey(), b.filled(s.env))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, at.stop()) }()
	return do(at)
}

// phase sends requests of one kind, evenly over the time.
func (b *bench) phase(ctx context.Context, o ScaleOptions, at *server, size, name string, clients []*drive.Client, op drive.Op) error {
	lasts := o.Every * time.Duration(o.Requests)
	load := drive.Load{
		Groups:   []drive.Group{{Clients: clients, Ops: []drive.Op{op}, Every: o.Every * time.Duration(len(clients))}},
		Requests: int64(o.Requests), For: 2*lasts + time.Second,
	}
	result, used, err := b.run(ctx, name, at, load)
	if err != nil {
		return err
	}
	t := result.Tallies[op]
	if bad := t.Errors(); bad != "" {
		b.say("%s: %s: %s", size, name, bad)
	}
	b.figures.add(size+" "+name+" p50", inMilliseconds(t.At(50)))
	b.figures.add(size+" "+name+" p99", inMilliseconds(t.At(99)))
	b.say("%-5s %-10s p50 %s p99 %s · %s", size, name, drive.Short(t.At(50)), drive.Short(t.At(99)), used)
	return nil
}

// reportScale prints the table.
func (b *bench) reportScale(o ScaleOptions) error {
	var rows []row
	for _, name := range []string{"sign-in", "me, first", "me, again", "refresh"} {
		for _, percentile := range []string{"p50", "p99"} {
			rows = append(rows, row{o.Store + ": " + name + ", " + percentile, "many " + name + " " + percentile, "few " + name + " " + percentile, milliseconds, atMost(mostTimes)})
		}
	}
	fmt.Fprintf(b.out, "\nfew: %v; many: %v\n\n", o.Few, o.Many)
	if bad := b.figures.print(b.out, "many", rows); bad > 0 {
		return fmt.Errorf("%w: %d rows", ErrMissed, bad)
	}
	return nil
}
