package compare

import (
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/machine"
)

// Watched looks at what a process holds, now and then.
type Watched struct {
	stop chan struct{}
	held chan []float64
}

// Watch begins to look.
func Watch(pid int, every time.Duration) *Watched {
	w := &Watched{make(chan struct{}), make(chan []float64)}
	go w.look(pid, every)
	return w
}

func (w *Watched) look(pid int, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var held []float64
	for {
		if usage, err := machine.UsageOf(pid); err == nil {
			held = append(held, float64(usage.Resident)/machine.MiB)
		}
		select {
		case <-tick.C:
		case <-w.stop:
			w.held <- held
			return
		}
	}
}

// Stop answers the MiB that were held, one figure each time.
func (w *Watched) Stop() []float64 {
	close(w.stop)
	return <-w.held
}

// Quarters is the mean of the second quarter, when everything is warm, and of the last one. What leaks makes the last
// one greater.
func Quarters(held []float64) (second, last float64) {
	quarter := len(held) / 4
	if quarter == 0 {
		return 0, 0
	}
	return mean(held[quarter : 2*quarter]), mean(held[len(held)-quarter:])
}

func mean(values []float64) (m float64) {
	for _, v := range values {
		m += v / float64(len(values))
	}
	return m
}
