package drive

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// longest is the longest time that is told from longer ones.
const longest = 2 * time.Minute

// Tally is what came of the requests of one kind.
type Tally struct {
	mu        sync.Mutex
	latencies *hdrhistogram.Histogram // in microseconds
	done      int64                   // answered well while the load lasted
	statuses  map[int]int64
	failures  map[string]int64
}

func newTally() *Tally {
	return &Tally{
		latencies: hdrhistogram.New(1, longest.Microseconds(), 3),
		statuses:  map[int]int64{},
		failures:  map[string]int64{},
	}
}

// add counts a request. Of those that were refused, how long it took says nothing.
func (t *Tally) add(a Answer, took time.Duration, inTime bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if a.Err != nil {
		t.failures[a.Err.Error()]++
		return
	}
	t.statuses[a.Status]++
	if !a.OK() {
		return
	}
	t.record(took)
	if inTime {
		t.done++
	}
}

// waited counts a request that was not even sent.
func (t *Tally) waited(took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.record(took)
}

func (t *Tally) record(took time.Duration) {
	_ = t.latencies.RecordValue(min(took, longest).Microseconds()) // fails for what is out of bounds
}

// merge takes in another tally, to which nothing is added any more.
func (t *Tally) merge(other *Tally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.latencies.Merge(other.latencies)
	t.done += other.done
	for status, n := range other.statuses {
		t.statuses[status] += n
	}
	for failure, n := range other.failures {
		t.failures[failure] += n
	}
}

// Done is how many requests were answered well while the load lasted.
func (t *Tally) Done() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.done
}

// At is the latency that this many percent of the requests did not exceed, 0 where there were none.
func (t *Tally) At(percent float64) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Duration(t.latencies.ValueAtQuantile(percent)) * time.Microsecond
}

// Bad is how many requests were not answered well.
func (t *Tally) Bad() (n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for status, count := range t.statuses {
		if status/100 != 2 {
			n += count
		}
	}
	for _, count := range t.failures {
		n += count
	}
	return n
}

// Errors is what went wrong and how often, "" where nothing did.
func (t *Tally) Errors() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(t.statuses)) {
		if status/100 != 2 {
			parts = append(parts, fmt.Sprintf("%d× status %d", t.statuses[status], status))
		}
	}
	for _, failure := range slices.Sorted(maps.Keys(t.failures)) {
		parts = append(parts, fmt.Sprintf("%d× %s", t.failures[failure], failure))
	}
	return strings.Join(parts, ", ")
}
