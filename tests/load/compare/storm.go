package compare

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
)

// What a storm is: so many clients sign in again and again, while a few others go on as before.
const (
	stormClients = 100
	calmClients  = 8
	calmEvery    = 200 * time.Millisecond // each of them, me and refresh in turns: 40 requests a second
)

// stormed is the servers that a storm comes over, and whether it is measured how many sign-ins the few cost them.
var stormed = []struct {
	name string
	cost bool
}{{"latchkey", true}, {"quota", true}, {"gin-jwt", false}, {"pocketbase", false}}

// storm measures a calm and the storm after it, and keeps a figure of each name for the round.
func (b *bench) storm(ctx context.Context, s *server, cost bool) error {
	return s.awake(func() error { return b.measureStorm(ctx, s, cost) })
}

func (b *bench) measureStorm(ctx context.Context, s *server, cost bool) error {
	times := &timeline{name: s.name}
	few := drive.Group{Clients: s.clients[:min(calmClients, len(s.clients))], Ops: []drive.Op{drive.Me, drive.Refresh}, Every: calmEvery}
	watched := few
	watched.Watch = times.add
	load := drive.Load{Groups: []drive.Group{watched}, Warmup: b.Slice / 5, For: b.Slice}
	calm, used, err := b.run(ctx, "calm "+s.name, s, load)
	if err != nil {
		return err
	}
	b.noteStorm("calm "+s.name, calm, used)
	times.storm = time.Now()
	many := signInAllAlong(ctx, s)
	defer many.end()
	storm, used, err := b.run(ctx, "storm "+s.name, s, load)
	if err != nil {
		return err
	}
	if cost {
		if err := b.compete(ctx, b.besideTheMany(s, few, many, storm)); err != nil {
			return err
		}
	}
	storm.Add(many.end())
	b.noteStorm("storm "+s.name, storm, used)
	b.storms[s.name] = times
	return nil
}

// costTurns is how many turns it takes to tell what the few cost: some 3 %, and the machine's speed changes by more.
const costTurns = 2 * shortTurns

// besideTheMany is how many of the many sign in by themselves, and how many while the few ask, whose answers are added to a
// result. The storm goes on all the while.
func (b *bench) besideTheMany(s *server, few drive.Group, many *crowd, result *drive.Result) contest {
	beside := func(ctx context.Context, d time.Duration) error {
		answers, _, err := b.run(ctx, "storm "+s.name, s, drive.Load{Groups: []drive.Group{few}, For: d})
		if err == nil {
			result.Add(answers)
		}
		return err
	}
	return contest{[]side{
		{"alone " + s.name + " login", many.turn(settle)},
		{"storm " + s.name + " login", many.turn(beside)},
	}, costTurns, 2 * b.Slice / shortTurns}
}

// noteStorm tells of what came of the few, and of the many where they were, and keeps the figures.
func (b *bench) noteStorm(name string, result *drive.Result, used usedCores) {
	line := ""
	for _, op := range result.Ops() {
		t := result.Tallies[op]
		if op != drive.Login { // how many sign in is told by turns
			line += fmt.Sprintf("%s p50 %s p99 %s · ", op, drive.Short(t.At(50)), drive.Short(t.At(99)))
			b.figures.add(fmt.Sprint(name, " ", op), inMilliseconds(t.At(99)))
		}
		if bad := t.Errors(); bad != "" {
			line += fmt.Sprintf("%s: %s · ", op, bad)
		}
	}
	b.say("%-26s %s%s", name, line, used)
	b.figures.add(name+" errors", float64(result.Bad()))
}

// inMilliseconds is a latency as a figure.
func inMilliseconds(d time.Duration) float64 {
	if d == 0 {
		return math.NaN() // nobody was answered
	}
	return float64(d.Microseconds()) / 1000
}
