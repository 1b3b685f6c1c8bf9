package compare

import (
	"math"
	"slices"
)

// figures is what was measured, by name, in each round: NaN where that came to nothing.
type figures map[string][]float64

func (f figures) add(name string, value float64) { f[name] = append(f[name], value) }

// span is a figure of several rounds.
type span struct{ least, median, most float64 }

// spanOf answers false where there is no value.
func spanOf(values []float64) (span, bool) {
	sorted := slices.Sorted(slices.Values(values))
	sorted = slices.DeleteFunc(sorted, math.IsNaN)
	n := len(sorted)
	if n == 0 {
		return span{}, false
	}
	return span{sorted[0], (sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[n-1]}, true
}

// of is a figure.
func (f figures) of(name string) (span, bool) { return spanOf(f[name]) }

// ratio is one figure by another, within each round: the machine may be faster in one round than in the next.
func (f figures) ratio(name, to string) (span, bool) {
	var ratios []float64
	for round, value := range f[name] {
		if round < len(f[to]) && f[to][round] != 0 {
			ratios = append(ratios, value/f[to][round])
		}
	}
	return spanOf(ratios)
}
