package password

import (
	"math"
	"testing"
)

func TestProcessors(t *testing.T) {
	for _, test := range []struct {
		usable int
		quota  float64
		want   int
	}{
		{8, math.Inf(1), 8}, {8, 100, 8}, {8, 8, 8}, {8, 2.99, 2}, {8, 1, 1}, {8, 0.5, 1}, {1, 0.001, 1}, {1, math.Inf(1), 1},
	} {
		if got := processorsOf(test.usable, test.quota); got != test.want {
			t.Errorf("%d processors and a quota of %v: %d workers, want %d", test.usable, test.quota, got, test.want)
		}
	}
}
