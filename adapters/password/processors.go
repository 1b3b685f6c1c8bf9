package password

import "runtime"

// processors is how many hashes can be computed at once without slowing each other down.
//
// GOMAXPROCS does not tell: Go sets it to two even for a quota of one.
func processors() int { return processorsOf(runtime.NumCPU(), cpuQuota("/")) }

// processorsOf is as many as there are processors that this process may use, or less where a quota allows it less of
// their time. With one more, the hashes alone could use up the quota, whereupon the kernel stops the whole process,
// requests too, until the next period.
func processorsOf(usable int, quota float64) int {
	if quota < float64(usable) {
		return max(1, int(quota))
	}
	return usable
}
