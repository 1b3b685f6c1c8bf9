package serving_test

import (
	"runtime"
	"testing"

	"github.com/latchkey-auth/latchkey/cmd/serving"
)

func TestHashesTakeNoThreadsFromRequests(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	room := serving.RoomForHashes()
	for _, workers := range []int{3, 0, 1, 0} {
		room(workers)
		if got := runtime.GOMAXPROCS(0); got != before+workers {
			t.Errorf("GOMAXPROCS is %d beside %d workers, and was %d", got, workers, before)
		}
	}
}
