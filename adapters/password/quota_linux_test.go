package password

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// The mounts of machines, as /proc/self/mountinfo shows them.
const (
	mountV2     = "31 24 0:27 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
	mountV1     = "33 24 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:11 - cgroup cgroup rw,cpu,cpuacct\n"
	mountMemory = "34 24 0:31 / /sys/fs/cgroup/memory rw,relatime shared:12 - cgroup cgroup rw,memory\n"
	mountHybrid = "38 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:13 - cgroup2 cgroup2 rw\n"
	// a container sees its own group at the top, under a name that is from outside
	mountInside = "33 24 0:30 /docker/4f6b /sys/fs/cgroup/cpu,cpuacct ro,relatime - cgroup cgroup rw,cpu,cpuacct\n"
	mountRoot   = "24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n"
)

func TestCPUQuota(t *testing.T) {
	unlimited := math.Inf(1)
	for name, test := range map[string]struct {
		mounts, groups string
		files          map[string]string
		want           float64
	}{
		"version 2": {
			mountRoot + mountV2, "0::/system.slice/latchkey.service\n",
			map[string]string{"system.slice/latchkey.service/cpu.max": "150000 100000\n"}, 1.5,
		},
		"version 2, none": {
			mountV2, "0::/user.slice\n", map[string]string{"user.slice/cpu.max": "max 100000\n"}, unlimited,
		},
		"version 2, further up": {
			mountV2, "0::/a/b/c\n",
			map[string]string{"a/cpu.max": "50000 100000\n", "a/b/cpu.max": "max 100000\n", "a/b/c/cpu.max": "400000 100000\n"}, 0.5,
		},
		"version 2, in a container": {mountV2, "0::/\n", map[string]string{"cpu.max": "100000 100000\n"}, 1},
		"version 2, in a group beside the one that is mounted": {
			mountV2, "0::/../beside\n", map[string]string{"cpu.max": "200000 100000\n", "../beside/cpu.max": "1000 100000\n"}, 2,
		},
		"version 1": {
			mountMemory + mountV1, "4:memory:/other\n2:cpu,cpuacct:/latchkey\n0::/\n",
			map[string]string{
				"cpu,cpuacct/latchkey/cpu.cfs_quota_us": "250000\n", "cpu,cpuacct/latchkey/cpu.cfs_period_us": "100000\n",
				"cpu,cpuacct/other/cpu.cfs_quota_us": "1000\n", "cpu,cpuacct/other/cpu.cfs_period_us": "100000\n",
				"memory/latchkey/cpu.cfs_quota_us": "1000\n", "memory/latchkey/cpu.cfs_period_us": "100000\n",
			}, 2.5,
		},
		"version 1, none": {
			mountV1, "2:cpu,cpuacct:/\n",
			map[string]string{"cpu,cpuacct/cpu.cfs_quota_us": "-1\n", "cpu,cpuacct/cpu.cfs_period_us": "100000\n"}, unlimited,
		},
		"version 1, in a container": {
			mountInside, "2:cpu,cpuacct:/docker/4f6b\n",
			map[string]string{"cpu,cpuacct/cpu.cfs_quota_us": "50000\n", "cpu,cpuacct/cpu.cfs_period_us": "50000\n"}, 1,
		},
		"version 1, in a container, moved to another group": {
			mountInside, "2:cpu,cpuacct:/user.slice\n",
			map[string]string{"cpu,cpuacct/cpu.cfs_quota_us": "50000\n", "cpu,cpuacct/cpu.cfs_period_us": "100000\n"}, 0.5,
		},
		"version 1 beside version 2": {
			mountV1 + mountHybrid, "2:cpu,cpuacct:/a\n0::/b\n",
			map[string]string{
				"cpu,cpuacct/a/cpu.cfs_quota_us": "300000", "cpu,cpuacct/a/cpu.cfs_period_us": "100000",
				"unified/a/cpu.max": "1000 100000\n",
			}, 3,
		},
		"no control groups":  {mountRoot, "", nil, unlimited},
		"no such files":      {mountV1 + mountV2, "2:cpu,cpuacct:/a\n0::/b\n", nil, unlimited},
		"a file of rubbish":  {mountV2, "0::/\n", map[string]string{"cpu.max": "\x00 0"}, unlimited},
		"a period of zero":   {mountV2, "0::/\n", map[string]string{"cpu.max": "100000 0\n"}, unlimited},
		"mounts of rubbish":  {"rubbish\n", "0::/\n", map[string]string{"cpu.max": "100000 100000\n"}, unlimited},
		"groups of rubbish":  {mountV2, "rubbish\n", map[string]string{"cpu.max": "100000 100000\n"}, unlimited},
		"no process of ours": {"", "", nil, unlimited},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			if test.mounts != "" {
				write(t, filepath.Join(root, "proc/1/mountinfo"), test.mounts)
				write(t, filepath.Join(root, "proc/1/cgroup"), test.groups)
				if err := os.Symlink("1", filepath.Join(root, "proc/self")); err != nil {
					t.Fatal(err)
				}
			}
			for file, text := range test.files {
				write(t, filepath.Join(root, "sys/fs/cgroup", file), text)
			}
			if got := cpuQuota(root); got != test.want {
				t.Errorf("got %v processors, want %v", got, test.want)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
