package compare

import (
	"context"
	"io"
	"math"
	"slices"
	"testing"
	"time"
)

// Who was first is last then, so that a steady drift of the machine is everybody's.
func TestTurnsGoThereAndBack(t *testing.T) {
	if got, want := thereAndBack(3, 4), []int{0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A machine that is twice as slow at the end as at the beginning, steadily, makes no side look slower than the other.
func TestContestsBearDrift(t *testing.T) {
	b := &bench{figures: figures{}, log: io.Discard}
	speed := 1.0
	each := func(work float64) func(context.Context, time.Duration) (float64, usedCores, error) {
		return func(context.Context, time.Duration) (float64, usedCores, error) {
			speed -= 1. / 16
			return work * speed, usedCores{}, nil
		}
	}
	c := contest{[]side{{"slow", each(100)}, {"fast", each(200)}}, 4, time.Second}
	if err := b.compete(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if got, ok := b.figures.ratio("fast", "slow"); !ok || math.Abs(got.median-2) > 1e-9 {
		t.Errorf("%v times as fast, want 2", got.median)
	}
}
