package drive

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// progressEvery is how often the line is written anew.
const progressEvery = 500 * time.Millisecond

// Progress is a line on a terminal that says how a load gets on.
type Progress struct {
	To   io.Writer
	Name string
	// More is what else there is to say, of the server's process say. It may be nil.
	More func() string
}

// follow writes the line until it is stopped, and takes it away then. Without a Progress there is none.
func (p *Progress) follow(r *run) (stop func()) {
	if p == nil {
		return func() {}
	}
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				fmt.Fprintf(p.To, "\r\x1b[K%s", p.line(r))
			case <-ended:
				fmt.Fprint(p.To, "\r\x1b[K")
				return
			}
		}
	}()
	return func() {
		close(ended)
		<-done
	}
}

func (p *Progress) line(r *run) string {
	took := time.Since(r.begin)
	parts := []string{p.Name, fmt.Sprintf("%.0fs of %.0fs", max(0, took.Seconds()), r.For.Seconds())}
	if took < 0 {
		parts[1] = "warming up"
	}
	for _, op := range r.Ops() {
		t := r.Tallies[op]
		parts = append(parts, fmt.Sprintf("%s %.0f/s p99 %s", op, float64(t.Done())/max(took.Seconds(), 1), Short(t.At(99))))
	}
	if bad := r.Bad(); bad > 0 {
		parts = append(parts, fmt.Sprintf("%d errors", bad))
	}
	if p.More != nil {
		parts = append(parts, p.More())
	}
	return strings.Join(parts, " · ")
}

// Short is a duration in three digits or so.
func Short(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= 10*time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(10 * time.Microsecond).String()
}
