package compare

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
)

// contest is work that is measured by each other. The sides take turns at it, there and back, and in every round each has
// several of them: a machine that changes its speed within seconds does so for all.
type contest struct {
	sides []side
	turns int // of each side in a round
	turn  time.Duration
}

// side is one of those that are compared. A turn answers how much a second was done, and what it took.
type side struct {
	name string // of the figure
	turn func(ctx context.Context, d time.Duration) (perSecond float64, used usedCores, err error)
}

// shortTurns is into how many turns a slice is cut.
const shortTurns = 8

// contests is those of a round, of the servers that are there. Sign-ins take long turns: there are only a few in a second.
// Clients of the quickest do not sleep, since to wake them would be a good part of the server's work.
func (b *bench) contests(all servers) []contest {
	login := drive.Group{Ops: []drive.Op{drive.Login}}
	me := drive.Group{Ops: []drive.Op{drive.Me}, BusyPoll: true}
	refresh := drive.Group{Ops: []drive.Op{drive.Refresh}}
	short := b.Slice / shortTurns
	hashing := []side{{"raw bcrypt", b.rawBcrypt}}
	return []contest{
		{append(hashing, b.sides(all, login, "latchkey bcrypt")...), 2, b.Slice},
		{b.sides(all, me, "gin-hello", "latchkey memory", "gin-jwt", "latchkey", "pocketbase"), shortTurns, short},
		{b.sides(all, refresh, "pocketbase", "latchkey"), shortTurns, short},
		{b.sides(all, refresh, "latchkey redis", "gin-jwt redis"), shortTurns, short},
	}
}

// sides is servers whose clients do the same.
func (b *bench) sides(all servers, do drive.Group, names ...string) (sides []side) {
	for _, name := range names {
		if s := all[name]; s != nil {
			sides = append(sides, b.side(s, do))
		}
	}
	return sides
}

// side is a server whose clients all do one thing, as fast as they are answered.
func (b *bench) side(s *server, do drive.Group) side {
	op := do.Ops[0]
	do.Clients = s.clients
	name := fmt.Sprint(op, " ", s.name)
	return side{name, func(ctx context.Context, d time.Duration) (perSecond float64, used usedCores, err error) {
		load := drive.Load{Groups: []drive.Group{do}, Warmup: d / 5, For: d}
		var result *drive.Result
		err = s.awake(func() error {
			result, used, err = b.run(ctx, name, s, load)
			return err
		})
		if err != nil {
			return 0, used, err
		}
		if bad := result.Tallies[op].Errors(); bad != "" {
			b.say("%-26s %s", name, bad)
		}
		return result.Rate(op), used, nil
	}}
}

// rawBcrypt is what the servers' core can do in bcrypt and nothing else.
func (b *bench) rawBcrypt(ctx context.Context, d time.Duration) (perSecond float64, used usedCores, err error) {
	var out strings.Builder
	process, err := machine.Start(machine.Program{Path: b.Self[0], Args: append(b.Self[1:], d.String()), Stdout: &out, Place: onServerCore})
	if err != nil {
		return 0, used, err
	}
	if err := process.Wait(ctx); err != nil {
		return 0, used, fmt.Errorf("raw bcrypt: %w", err)
	}
	if perSecond, err = strconv.ParseFloat(strings.TrimSpace(out.String()), 64); err != nil {
		return 0, used, fmt.Errorf("raw bcrypt: %w", err)
	}
	return perSecond, usedCores{server: process.CPU().Seconds() / d.Seconds()}, nil
}

// compete has the sides of a contest take their turns of a round, and keeps one figure of each.
func (b *bench) compete(ctx context.Context, c contest) error {
	rates, used := make([]float64, len(c.sides)), make([]usedCores, len(c.sides))
	share := 1 / float64(c.turns)
	for _, i := range thereAndBack(len(c.sides), c.turns) {
		rate, cores, err := c.sides[i].turn(ctx, c.turn)
		if err != nil {
			return err
		}
		rates[i] += rate * share
		used[i] = used[i].plus(cores, share)
	}
	for i, s := range c.sides {
		b.figures.add(s.name, rates[i])
		b.say("%-26s %9s/s · %s", s.name, short(rates[i]), used[i])
	}
	return nil
}

// thereAndBack is whose turn it is, of n, until each had so many.
func thereAndBack(n, turns int) (order []int) {
	var there []int
	for i := range n {
		there = append(there, i)
	}
	for range turns {
		order = append(order, there...)
		slices.Reverse(there)
	}
	return order
}
