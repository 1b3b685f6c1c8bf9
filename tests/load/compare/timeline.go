package compare

import (
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
)

// timeline is when the few asked, before a storm and in it, and how fast they were answered.
type timeline struct {
	name  string
	storm time.Time // when it began

	mu     sync.Mutex
	points []point
}

type point struct {
	due  time.Time
	took time.Duration
}

// add is a drive.Group's Watch.
func (t *timeline) add(_ drive.Op, due time.Time, took time.Duration, a drive.Answer) {
	if !a.OK() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.points = append(t.points, point{due, took})
}

// moment is the worst of a stretch of time.
type moment struct {
	at    float64 // seconds since the storm began
	worst float64 // milliseconds
}

// moments cuts the time into stretches, and leaves out those in which nobody asked.
func (t *timeline) moments(stretch time.Duration) (all []moment) {
	worst := map[int]time.Duration{}
	first, last := 0, 0
	for _, p := range t.points {
		i := int(p.due.Sub(t.storm).Round(stretch) / stretch)
		worst[i] = max(worst[i], p.took)
		first, last = min(first, i), max(last, i)
	}
	for i := first; i <= last; i++ {
		if worst[i] > 0 {
			all = append(all, moment{(time.Duration(i) * stretch).Seconds(), float64(worst[i].Microseconds()) / 1000})
		}
	}
	return all
}
