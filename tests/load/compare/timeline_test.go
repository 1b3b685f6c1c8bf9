package compare

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
)

func TestMomentsAreTheWorst(t *testing.T) {
	storm := time.Unix(1763700000, 0)
	line := &timeline{storm: storm}
	for _, p := range []struct{ at, took time.Duration }{
		{-200 * time.Millisecond, time.Millisecond},
		{-190 * time.Millisecond, 3 * time.Millisecond},
		{110 * time.Millisecond, 2 * time.Second},
		{120 * time.Millisecond, time.Millisecond},
	} {
		line.add(drive.Me, storm.Add(p.at), p.took, drive.Answer{Status: http.StatusOK})
	}
	line.add(drive.Me, storm, time.Hour, drive.Answer{Status: http.StatusUnauthorized}) // is no answer
	got := line.moments(100 * time.Millisecond)
	if want := []moment{{-0.2, 3}, {0.1, 2000}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestQuarters(t *testing.T) {
	second, last := Quarters([]float64{90, 90, 10, 12, 20, 20, 30, 34, 99}[:8])
	if second != 11 || last != 32 {
		t.Errorf("%v and %v, want 11 and 32", second, last)
	}
	if second, last := Quarters([]float64{1, 2, 3}); second != 0 || last != 0 {
		t.Errorf("%v and %v of next to nothing", second, last)
	}
}
