package password

import (
	"math"
	"runtime"
)

// processors is how many hashes can be computed at once without slowing each other down: as many as there are processors
// that this process may use, or less where a quota allows it less of their time. One more, and the hashes alone could use
// up the quota, whereupon the kernel stops the whole process, requests too, until the next period.
//
// GOMAXPROCS does not tell: Go sets it to two even for a quota of one.
func processors() int {
	return max(1, int(math.Floor(min(float64(runtime.NumCPU()), cpuQuota("/")))))
}
