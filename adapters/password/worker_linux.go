package password

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// lowest is the priority that gives way to every other. Anybody may ask for it.
const lowest = 19

// stepBack gives the goroutine a thread of its own that runs when no other thread would: hashing takes all the time that
// is left, and none that a request needs. Within Go's scheduler, which knows no priorities, requests would queue behind
// the hashes. The goroutine never lets go of the thread, so that the thread ends with it.
//
// Where a sandbox forbids to lower the priority, hashing works all the same, and the kernel shares out the time evenly.
func stepBack() {
	runtime.LockOSThread()
	_ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), lowest)
}
