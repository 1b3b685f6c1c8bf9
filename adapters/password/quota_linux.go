package password

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/prometheus/procfs"
)

// cpuQuota is how many processors' time the control groups of this process allow, infinitely many where they say nothing.
// A group has no more than those that it is within, as far as they can be seen from here. The root is "/" but in tests.
func cpuQuota(root string) float64 {
	groups, mounts := controlGroups(root)
	least := math.Inf(1)
	for _, mount := range mounts {
		for _, group := range groups {
			if read := quotaReader(mount, group); read != nil {
				least = min(least, leastQuota(read, filepath.Join(root, mount.MountPoint), below(mount.Root, group.Path)))
			}
		}
	}
	return least
}

// controlGroups answers the groups of this process, and what is mounted where; nothing of what cannot be read.
func controlGroups(root string) (groups []procfs.Cgroup, mounts []*procfs.MountInfo) {
	fs, err := procfs.NewFS(filepath.Join(root, procfs.DefaultMountPoint))
	if err != nil {
		return nil, nil
	}
	self, err := fs.Self()
	if err != nil {
		return nil, nil
	}
	groups, _ = self.Cgroups()
	mounts, _ = self.MountInfo()
	return groups, mounts
}

// quotaReader is what reads the quota of a group, nil where the mount shows other groups, or nothing of processors.
func quotaReader(mount *procfs.MountInfo, group procfs.Cgroup) func(dir string) float64 {
	_, ofProcessors := mount.SuperOptions["cpu"]
	switch {
	case mount.FSType == "cgroup2" && group.HierarchyID == 0:
		return quotaV2
	case mount.FSType == "cgroup" && ofProcessors && slices.Contains(group.Controllers, "cpu"):
		return quotaV1
	}
	return nil
}

// leastQuota reads a group and all that it is within, up to the top.
func leastQuota(read func(dir string) float64, top, group string) float64 {
	least := math.Inf(1)
	for dir := filepath.Join(top, group); dir != top; dir = filepath.Dir(dir) {
		least = min(least, read(dir))
	}
	return min(least, read(top))
}

// below is the path of a group from the one that is mounted, which in a container is often its own.
func below(mounted, group string) string {
	path, err := filepath.Rel(mounted, group)
	if err != nil || !filepath.IsLocal(path) {
		return "."
	}
	return path
}

// quotaV2 reads "150000 100000", or "max 100000".
func quotaV2(dir string) float64 { return quotient(readLine(dir, "cpu.max")) }

// quotaV1 reads the same two numbers from two files, the first of which may be -1.
func quotaV1(dir string) float64 {
	return quotient(readLine(dir, "cpu.cfs_quota_us") + " " + readLine(dir, "cpu.cfs_period_us"))
}

func readLine(dir, file string) string {
	text, _ := os.ReadFile(filepath.Join(dir, file)) // the topmost group of all has none
	return strings.TrimSpace(string(text))
}

// quotient is the microseconds that a group may use in each period, by the length of the period.
func quotient(text string) float64 {
	var quota, period float64
	if _, err := fmt.Sscanf(text, "%f %f", &quota, &period); err != nil || quota <= 0 || period <= 0 {
		return math.Inf(1)
	}
	return quota / period
}
