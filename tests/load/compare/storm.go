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

// stormed is the servers that a storm comes over.
var stormed = []string{"latchkey", "quota", "gin-jwt", "pocketbase"}

// phase is a part of a storm.
type phase struct {
	name   string
	groups []drive.Group
}

// phases are the few by themselves, then beside the many, then the many by themselves, and these two once more in reverse:
// a machine that steadily grows slower does so for both. The timeline is of the calm and of the first storm.
func phases(few, many []*drive.Client, times *timeline) []phase {
	asking := drive.Group{Clients: few[:min(calmClients, len(few))], Ops: []drive.Op{drive.Me, drive.Refresh}, Every: calmEvery}
	watched := asking
	watched.Watch = times.add
	signingIn := drive.Group{Clients: many, Ops: []drive.Op{drive.Login}}
	return []phase{
		{"calm", []drive.Group{watched}},
		{"storm", []drive.Group{watched, signingIn}},
		{"alone", []drive.Group{signingIn}},
		{"alone", []drive.Group{signingIn}},
		{"storm", []drive.Group{asking, signingIn}},
	}
}

// storm measures the phases of a storm, and keeps a figure of each name for the round.
func (b *bench) storm(ctx context.Context, s *server) error {
	return s.awake(func() error { return b.measureStorm(ctx, s) })
}

func (b *bench) measureStorm(ctx context.Context, s *server) error {
	many := drive.NewClients(s.service, s.addr, stormClients, len(s.clients))
	defer drive.CloseAll(many)
	times := &timeline{name: s.name}
	results := map[string]*drive.Result{}
	for _, p := range phases(s.clients, many, times) {
		name := p.name + " " + s.name
		if p.name == "storm" && times.storm.IsZero() {
			times.storm = time.Now()
		}
		result, used, err := b.run(ctx, name, s, drive.Load{Groups: p.groups, Warmup: b.Slice / 5, For: b.Slice})
		if err != nil {
			return err
		}
		b.sayStorm(name, result, used)
		if results[name] == nil {
			results[name] = drive.NewResult()
		}
		results[name].Add(result)
	}
	for name, result := range results {
		b.noteStorm(name, result)
	}
	b.storms[s.name] = times
	return nil
}

// sayStorm tells of one phase.
func (b *bench) sayStorm(name string, result *drive.Result, used usedCores) {
	line := ""
	for _, op := range result.Ops() {
		t := result.Tallies[op]
		if op == drive.Login {
			line += fmt.Sprintf("%s sign-ins/s · ", short(result.Rate(op)))
		} else {
			line += fmt.Sprintf("%s p50 %s p99 %s · ", op, drive.Short(t.At(50)), drive.Short(t.At(99)))
		}
		if bad := t.Errors(); bad != "" {
			line += fmt.Sprintf("%s: %s · ", op, bad)
		}
	}
	b.say("%-26s %s%s", name, line, used)
}

// noteStorm keeps the figures of all phases of one name.
func (b *bench) noteStorm(name string, result *drive.Result) {
	for _, op := range result.Ops() {
		if op == drive.Login {
			b.figures.add(name+" login", result.Rate(op))
		} else {
			b.figures.add(fmt.Sprint(name, " ", op), inMilliseconds(result.Tallies[op].At(99)))
		}
	}
	b.figures.add(name+" errors", float64(result.Bad()))
}

// inMilliseconds is a latency as a figure.
func inMilliseconds(d time.Duration) float64 {
	if d == 0 {
		return math.NaN() // nobody was answered
	}
	return float64(d.Microseconds()) / 1000
}
