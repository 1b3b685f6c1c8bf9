package compare

import (
	"slices"
	"testing"
)

// There and back, so that a steady drift of the machine is in storms as much as beside them.
func TestPhasesMirrorEachOther(t *testing.T) {
	var names []string
	watched := 0
	for _, p := range phases(nil, nil, &timeline{}) {
		names = append(names, p.name)
		if p.groups[0].Watch != nil {
			watched++
		}
	}
	if want := []string{"calm", "storm", "alone", "alone", "storm"}; !slices.Equal(names, want) || watched != 2 {
		t.Errorf("%v, %d of them drawn; want %v, and the first two", names, watched, want)
	}
}
