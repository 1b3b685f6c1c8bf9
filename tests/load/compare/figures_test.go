package compare

import (
	"math"
	"testing"
)

func TestSpan(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   span
	}{
		{[]float64{3}, span{3, 3, 3}},
		{[]float64{9, 1, 2}, span{1, 2, 9}},
		{[]float64{4, 1, 2, 9}, span{1, 3, 9}},
		{[]float64{math.NaN(), 5, math.NaN()}, span{5, 5, 5}},
	} {
		if got, ok := spanOf(c.values); !ok || got != c.want {
			t.Errorf("%v: %v, want %v", c.values, got, c.want)
		}
	}
	for _, none := range [][]float64{nil, {math.NaN()}} {
		if got, ok := spanOf(none); ok {
			t.Errorf("%v: %v", none, got)
		}
	}
}

// Each round is compared with itself: a machine that is twice as fast in one of them changes no ratio.
func TestRatioWithinARound(t *testing.T) {
	f := figures{"a": {100, 220, 90}, "b": {200, 400, 200}}
	got, ok := f.ratio("a", "b")
	if want := (span{0.45, 0.5, 0.55}); !ok || math.Abs(got.median-want.median)+math.Abs(got.least-want.least)+math.Abs(got.most-want.most) > 1e-9 {
		t.Errorf("%v, want %v", got, want)
	}
	if got, ok := f.ratio("a", "nothing"); ok {
		t.Errorf("by nothing: %v", got)
	}
}

// A round without a figure is left out, and does not move the others to another round.
func TestRatioLeavesOutWhatIsMissing(t *testing.T) {
	f := figures{"a": {1, math.NaN(), 3}, "b": {2, 2, 2}}
	if got, _ := f.ratio("a", "b"); got != (span{0.5, 1, 1.5}) {
		t.Errorf("%v", got)
	}
}
