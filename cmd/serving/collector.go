package serving

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// headroom is by how much, in bytes, the heap is to grow from one collection to the next. Go doubles it instead: a
// service with little in memory collects dozens of times a second then, and one with a thousand clients who wait holds
// the double of what they need.
const headroom = 8 << 20

// The bounds of GOGC: no heap grows by more than to its triple, and a large one does not have the collector run all the
// time.
const minPercent, maxPercent = 40, 200

// TuneCollector has the heap grow by the same everywhere, until it is stopped.
func TuneCollector() (stop func()) {
	tuner := &tuner{percent: maxPercent}
	before := debug.SetGCPercent(maxPercent)
	tuner.afterNext()
	return func() {
		tuner.mu.Lock()
		defer tuner.mu.Unlock()
		tuner.stopped = true
		debug.SetGCPercent(before)
	}
}

// tuner sets GOGC after each collection.
type tuner struct {
	mu      sync.Mutex
	percent int
	stopped bool
}

// afterNext follows the next collection, which frees what is made here and held by nobody.
func (t *tuner) afterNext() {
	runtime.AddCleanup(&struct{ _ *int }{new(int)}, (*tuner).tune, t)
}

func (t *tuner) tune() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return
	}
	if next := collectorPercent(live()); next != t.percent {
		debug.SetGCPercent(next)
		t.percent = next
	}
	t.afterNext()
}

// collectorPercent is GOGC for what the last collection left, in bytes, rounded so that it seldom moves.
func collectorPercent(live uint64) int {
	percent := headroom * 100 / max(live, 1) / 10 * 10
	return int(min(max(percent, minPercent), maxPercent))
}

// live is what GOGC is a share of: what the last collection left on the heap, and what it looked through beside.
func live() (bytes uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}}
	metrics.Read(samples)
	for _, each := range samples {
		bytes += each.Value.Uint64()
	}
	return bytes
}
