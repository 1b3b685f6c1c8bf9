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

// storm measures the few by themselves, then beside the many, and then the many by themselves.
func (b *bench) storm(ctx context.Context, s *server) error {
	times := &timeline{name: s.name}
	few := drive.Group{Clients: s.clients[:min(calmClients, len(s.clients))], Ops: []drive.Op{drive.Me, drive.Refresh}, Every: calmEvery, Watch: times.add}
	clients := drive.NewClients(s.service, s.addr, stormClients, len(s.clients))
	defer drive.CloseAll(clients)
	many := drive.Group{Clients: clients, Ops: []drive.Op{drive.Login}}

	warmup := b.Slice / 5
	for _, phase := range []struct {
		name   string
		groups []drive.Group
	}{
		{"calm", []drive.Group{few}},
		{"storm", []drive.Group{few, many}},
		{"alone", []drive.Group{many}},
	} {
		if phase.name == "storm" {
			times.storm = time.Now()
		}
		name := phase.name + " " + s.name
		result, used, err := b.run(ctx, name, s, drive.Load{Groups: phase.groups, Warmup: warmup, For: b.Slice})
		if err != nil {
			return err
		}
		b.noteStorm(name, result, used)
	}
	b.storms[s.name] = times
	return nil
}

func (b *bench) noteStorm(name string, result *drive.Result, used usedCores) {
	line := ""
	for _, op := range result.Ops() {
		t := result.Tallies[op]
		if op == drive.Login {
			b.figures.add(name+" login", result.Rate(op))
			line += fmt.Sprintf("%s sign-ins/s · ", short(result.Rate(op)))
		} else {
			b.figures.add(fmt.Sprint(name, " ", op), inMilliseconds(t.At(99)))
			line += fmt.Sprintf("%s p50 %s p99 %s · ", op, drive.Short(t.At(50)), drive.Short(t.At(99)))
		}
		if bad := t.Errors(); bad != "" {
			line += fmt.Sprintf("%s: %s · ", op, bad)
		}
	}
	b.figures.add(name+" errors", float64(result.Bad()))
	b.say("%-26s %s%s", name, line, used)
}

// inMilliseconds is a latency as a figure.
func inMilliseconds(d time.Duration) float64 {
	if d == 0 {
		return math.NaN() // nobody was answered
	}
	return float64(d.Microseconds()) / 1000
}
