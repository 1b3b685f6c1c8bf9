package machine

import "testing"

func TestKeptIsAShareOfWhatWasWanted(t *testing.T) {
	before := Host{gave: 100, kept: 10}
	for _, c := range []struct {
		now  Host
		want float64
	}{
		{Host{gave: 103, kept: 11}, 0.25},
		{Host{gave: 104, kept: 10}, 0},
		{before, 0},
	} {
		if got := c.now.Kept(before); got != c.want {
			t.Errorf("%v: %v, want %v", c.now, got, c.want)
		}
	}
}

// Whoever computes is given time by the host.
func TestHostSoFar(t *testing.T) {
	before, err := HostSoFar()
	if err != nil {
		t.Fatal(err)
	}
	now := before
	for now.gave == before.gave { // until the kernel has counted some
		if now, err = HostSoFar(); err != nil {
			t.Fatal(err)
		}
	}
	if now.gave < before.gave || now.kept < before.kept {
		t.Errorf("%v, then %v", before, now)
	}
}
