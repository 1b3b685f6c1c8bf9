package serving

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// The heap in bytes, with stacks and globals, as it is to be before the next collection: leastHeap where there is little in
// it, and headroom more than the last one left where there is more. Go doubles it instead: a service with little in memory
// collects dozens of times a second then, and one with a thousand clients who wait holds the double of what they need. What
// is beyond large is doubled, as Go does it.
const (
	leastHeap = 16 << 20
	headroom  = 6 << 20
	large     = 32 << 20
)

const (
	goPercent   = 100     // GOGC as Go has it
	goLeastHeap = 4 << 20 // bytes, to which Go lets any heap grow with that, and to more with more
	// maxPercent is as much as GOGC is ever set to. With it, Go lets any heap grow to leastHeap.
	maxPercent = goPercent * leastHeap / goLeastHeap
)

// TuneCollector sets how far the heap grows from one collection to the next, until it is stopped. Where the operator has
// set GOGC or GOMEMLIMIT, it does nothing.
func TuneCollector() (stop func()) {
	before := debug.SetGCPercent(maxPercent)
	if before != goPercent || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		debug.SetGCPercent(before)
		return func() {}
	}
	tuner := &tuner{percent: maxPercent}
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
	goal := max(leastHeap, live+headroom)
	if live > large {
		goal += live - large
	}
	percent, step := (goal-live)*100/max(live, 1), uint64(5)
	if percent > goPercent {
		step = 25
	}
	return int(min((percent+step-1)/step*step, maxPercent))
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
