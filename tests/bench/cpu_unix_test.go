//go:build unix

package bench

import (
	"syscall"
	"time"
)

// cpuTime is what this process has had of the processors. On a machine that does other things as well, it says more than
// the clock does.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
