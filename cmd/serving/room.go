package serving

import "runtime"

// RoomForHashes has Go run requests beside hashes, and not in turns with them: see password.Config. While none is
// computed, it has Go run as many threads as before, since with more than there are processors, each request takes a
// sixth more of their time. As with the variable GOMAXPROCS, Go does not follow a quota that is changed later.
func RoomForHashes() func(workers int) {
	requests := runtime.GOMAXPROCS(0)
	return func(workers int) { runtime.GOMAXPROCS(requests + workers) }
}
