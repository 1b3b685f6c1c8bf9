package machine

import (
	"fmt"
	"time"

	"github.com/prometheus/procfs"
)

// MiB is 1,048,576 bytes.
const MiB = 1 << 20

// Usage is what a process has had of the machine so far.
type Usage struct {
	At       time.Time
	CPU      time.Duration
	Resident uint64 // bytes that it holds now
	Peak     uint64 // bytes that it held at the most
}

// UsageOf reads the usage of a process.
func UsageOf(pid int) (Usage, error) {
	proc, err := procfs.NewProc(pid)
	if err != nil {
		return Usage{}, err
	}
	stat, err := proc.Stat()
	if err != nil {
		return Usage{}, err
	}
	status, err := proc.NewStatus()
	if err != nil {
		return Usage{}, err
	}
	return Usage{
		At:       time.Now(),
		CPU:      time.Duration(stat.CPUTime() * float64(time.Second)),
		Resident: status.VmRSS,
		Peak:     status.VmHWM,
	}, nil
}

// Cores is how many cores a process had in the time between.
func (u Usage) Cores(before Usage) float64 {
	if !u.At.After(before.At) {
		return 0
	}
	return float64(u.CPU-before.CPU) / float64(u.At.Sub(before.At))
}

// String says what the process holds.
func (u Usage) String() string {
	return fmt.Sprintf("%.1f MiB, at most %.1f MiB", float64(u.Resident)/MiB, float64(u.Peak)/MiB)
}
