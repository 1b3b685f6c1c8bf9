package serving

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestCollectorPercent(t *testing.T) {
	for live, want := range map[uint64]int{
		0:        maxPercent,
		2 << 20:  maxPercent,
		8 << 20:  100,
		10 << 20: 80,
		20 << 20: minPercent,
		1 << 30:  minPercent,
	} {
		if got := collectorPercent(live); got != want {
			t.Errorf("with %d MiB it is %d%%, want %d%%", live>>20, got, want)
		}
	}
}

// percent is what GOGC is now.
func percent() int {
	is := debug.SetGCPercent(100)
	debug.SetGCPercent(is)
	return is
}

// TestTheCollectorFollowsWhatIsHeld, again and again.
func TestTheCollectorFollowsWhatIsHeld(t *testing.T) {
	before := percent()
	stop := TuneCollector()
	for range 2 {
		held := make([]byte, 64<<20)
		awaitPercent(minPercent)
		runtime.KeepAlive(held)
		held = nil
		awaitPercent(maxPercent)
	}
	stop()
	runtime.GC()
	if got := percent(); got != before {
		t.Errorf("once stopped, GOGC is %d%%, want %d%%", got, before)
	}
}

// awaitPercent collects until GOGC is what it is to be. It does not return otherwise.
func awaitPercent(want int) {
	for percent() != want {
		runtime.GC()
	}
}
