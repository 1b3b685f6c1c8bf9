package browser_test

import (
	"fmt"
	"testing"
)

func TestTheReferenceFitsItsWindowAndIsReadable(t *testing.T) {
	p := newTab(t, newHouse(t))
	for _, width := range []int64{narrow, wide} {
		p.resize(width)
		p.visit("/docs")
		p.sees("/api/v1/users/register")
		p.fits("docs")
		// The viewer puts links into buttons, and lines of them close together. That is its own, and not ours to mend.
		for _, violation := range p.violations("nested-interactive", "target-size") {
			t.Errorf("%d px: %s", width, violation)
		}
		keep(t, fmt.Sprintf("%d px, docs.png", width), p.picture())
	}
}
