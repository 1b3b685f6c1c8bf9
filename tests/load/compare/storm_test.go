package compare

import (
	"fmt"
	"slices"
	"testing"
)

// There and back, so that a steady drift of the machine is in storms as much as beside them.
func TestPhasesMirrorEachOther(t *testing.T) {
	var names, drawn []string
	for i, p := range phases(nil, nil, &timeline{}) {
		names = append(names, p.name)
		if p.groups[0].Watch != nil {
			drawn = append(drawn, fmt.Sprint(i, " ", p.name))
		}
	}
	if want := []string{"calm", "storm", "alone", "alone", "storm"}; !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
	if want := []string{"0 calm", "1 storm"}; !slices.Equal(drawn, want) {
		t.Errorf("drawn are %v, want %v", drawn, want)
	}
}
