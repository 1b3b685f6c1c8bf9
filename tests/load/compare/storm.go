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

// stormed is the servers that a storm comes over, and whether it is asked of them how many sign-ins the few cost.
var stormed = []struct {
	name  string
	asked bool
}{{"latchkey", true}, {"quota", true}, {"gin-jwt", false}, {"pocketbase", false}}

// storm measures a calm and the storm after it, and keeps a figure of each name for the round.
func (b *bench) storm(ctx context.Context, s *server, asked bool) error {
	return s.awake(func() error { return b.measureStorm(ctx, s, asked) })
}

func (b *bench) measureStorm(ctx context.Context, s *server, asked bool) error {
	times := &timeline{name: s.name}
	few := drive.Group{Clients: s.clients[:min(calmClients, len(s.clients))], Ops: []drive.Op{drive.Me, drive.Refresh}, Every: calmEvery}
	watched := few
	watched.Watch = times.add
	calm, err := b.ask(ctx, "calm "+s.name, s, watched)
	if err != nil {
		return err
	}
	times.storm = time.Now()
	many := signInAllAlong(ctx, s)
	defer many.end()
	storm, err := b.ask(ctx, "storm "+s.name, s, watched)
	if err != nil {
		return err
	}
	if asked {
		if err := b.compete(ctx, b.besideTheMany(s, few, many, storm)); err != nil {
			return err
		}
	}
	b.noteStorm("calm "+s.name, calm, 0)
	b.noteStorm("storm "+s.name, storm, many.end().Bad())
	b.storms[s.name] = times
	return nil
}

// ask has the few ask for a slice of time.
func (b *bench) ask(ctx context.Context, name string, s *server, few drive.Group) (*drive.Result, error) {
	result, used, err := b.run(ctx, name, s, drive.Load{Groups: []drive.Group{few}, Warmup: b.Slice / 5, For: b.Slice})
	if err == nil {
		b.sayStorm(name, result, used)
	}
	return result, err
}

// besideTheMany is how many of the many sign in by themselves, and how many while the few ask, whose answers are added to a
// result. The many never pause.
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
	}, shortTurns, b.Slice / 4}
}

// sayStorm tells of the few.
func (b *bench) sayStorm(name string, result *drive.Result, used usedCores) {
	line := ""
	for _, op := range result.Ops() {
		t := result.Tallies[op]
		line += fmt.Sprintf("%s p50 %s p99 %s · ", op, drive.Short(t.At(50)), drive.Short(t.At(99)))
		if bad := t.Errors(); bad != "" {
			line += fmt.Sprintf("%s: %s · ", op, bad)
		}
	}
	b.say("%-26s %s%s", name, line, used)
}

// noteStorm keeps the figures of the few, and the errors of all.
func (b *bench) noteStorm(name string, few *drive.Result, others int64) {
	for _, op := range few.Ops() {
		b.figures.add(fmt.Sprint(name, " ", op), inMilliseconds(few.Tallies[op].At(99)))
	}
	b.figures.add(name+" errors", float64(few.Bad()+others))
}

// inMilliseconds is a latency as a figure.
func inMilliseconds(d time.Duration) float64 {
	if d == 0 {
		return math.NaN() // nobody was answered
	}
	return float64(d.Microseconds()) / 1000
}
