package machine

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// Place is where a program runs.
type Place struct {
	// Core is the only one that it may use, counted from 1; all of them where zero.
	Core int
	// CPUs is how much of the cores' time it may use, by the quota of a control group; all of it where zero.
	CPUs float64
}

// pin lets a thread, 0 being the calling one, and those that it starts from then on, run on one core only.
func pin(thread, core int) error {
	var cores unix.CPUSet
	cores.Set(core - 1)
	if err := unix.SchedSetaffinity(thread, &cores); err != nil {
		return fmt.Errorf("pin to core %d: %w", core, err)
	}
	return nil
}

// PinSelf lets this process run on one core only.
func PinSelf(core int) error {
	runtime.GOMAXPROCS(1)
	for range 2 { // a thread that was started meanwhile is met the second time
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, each := range threads {
			thread, err := strconv.Atoi(each.Name())
			if err != nil {
				return err
			}
			if err := pin(thread, core); err != nil && !errors.Is(err, unix.ESRCH) {
				return err
			}
		}
	}
	return nil
}
