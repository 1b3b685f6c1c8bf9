package machine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// quotaPeriod is the time in which a quota is to be used, in microseconds. It is the kernel's default, and Docker's.
const quotaPeriod = 100_000

// ErrNoQuota: nobody can make a control group with a quota here.
var ErrNoQuota = errors.New("no quota can be set: that takes root, and control groups with the controller cpu")

// quota is a control group whose processes share a part of the processors' time.
type quota struct {
	dir     string
	unified bool // version 2
}

// newQuota makes a group, in version 2 or 1 of control groups, whichever has the controller.
func newQuota(cpus float64) (*quota, error) {
	const v2, v1 = "/sys/fs/cgroup", "/sys/fs/cgroup/cpu"
	limit := fmt.Sprint(int(cpus * quotaPeriod))
	controllers, _ := os.ReadFile(filepath.Join(v2, "cgroup.subtree_control"))
	if strings.Contains(" "+strings.TrimSpace(string(controllers))+" ", " cpu ") {
		return makeQuota(v2, true, "cpu.max", limit+" "+fmt.Sprint(quotaPeriod))
	}
	return makeQuota(v1, false, "cpu.cfs_quota_us", limit) // the period is the default
}

func makeQuota(root string, unified bool, file, text string) (*quota, error) {
	dir, err := os.MkdirTemp(root, "latchkey-load-")
	if err != nil {
		return nil, errors.Join(ErrNoQuota, err)
	}
	q := &quota{dir, unified}
	if err := q.write(file, text); err != nil {
		return nil, errors.Join(ErrNoQuota, err, q.remove())
	}
	return q, nil
}

func (q *quota) write(file, text string) error {
	return os.WriteFile(filepath.Join(q.dir, file), []byte(text), 0o600)
}

// start starts a process in the group. In version 1 the calling thread joins for that moment, and the process inherits;
// in version 2 a process is started in a group.
func (q *quota) start(attributes *syscall.SysProcAttr, start func() error) error {
	if q.unified {
		group, err := os.Open(q.dir)
		if err != nil {
			return err
		}
		defer func() { _ = group.Close() }()
		attributes.UseCgroupFD, attributes.CgroupFD = true, int(group.Fd())
		return start()
	}
	if err := q.write("tasks", "0"); err != nil {
		return err
	}
	defer func() { _ = os.WriteFile(filepath.Join(filepath.Dir(q.dir), "tasks"), []byte("0"), 0o600) }()
	return start()
}

// remove removes the group, whose processes have ended.
func (q *quota) remove() error { return os.Remove(q.dir) }
