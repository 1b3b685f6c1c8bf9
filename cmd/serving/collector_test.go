package serving

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

func TestCollectorPercent(t *testing.T) {
	for live, want := range map[uint64]int{
		0:         maxPercent,
		3 << 20:   maxPercent,
		4 << 20:   300,
		5 << 20:   225,
		8 << 20:   100,
		10 << 20:  60,
		12 << 20:  50,
		24 << 20:  25,
		32 << 20:  20,
		64 << 20:  60,
		256 << 20: 90,
		1 << 40:   100,
	} {
		if got := collectorPercent(live); got != want {
			t.Errorf("with %d MiB it is %d%%, want %d%%", live>>20, got, want)
		}
	}
}

// percent is what GOGC is now.
func percent() int {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}

// TestTheCollectorFollowsWhatIsHeld, again and again.
func TestTheCollectorFollowsWhatIsHeld(t *testing.T) {
	before := percent()
	stop := TuneCollector()
	for range 2 {
		held := make([]byte, 64<<20)
		awaitPercent(collectorPercent(64 << 20))
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

func TestTheOperatorsCollectorIsLeftAlone(t *testing.T) {
	for name, set := range map[string]func() (putBack func()){
		"GOGC": func() func() {
			before := debug.SetGCPercent(70)
			return func() { debug.SetGCPercent(before) }
		},
		"GOMEMLIMIT": func() func() {
			before := debug.SetMemoryLimit(1 << 40)
			return func() { debug.SetMemoryLimit(before) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer set()()
			want := percent()
			stop := TuneCollector()
			runtime.GC()
			if got := percent(); got != want {
				t.Errorf("GOGC is %d%%, want %d%%", got, want)
			}
			stop()
			if got := percent(); got != want {
				t.Errorf("after it was stopped, GOGC is %d%%, want %d%%", got, want)
			}
		})
	}
}
