package machine_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/machine"
)

// run runs a shell command at a place, and answers what it prints.
func run(t *testing.T, place machine.Place, command string) string {
	t.Helper()
	var out strings.Builder
	process, err := machine.Start(machine.Program{Path: "/bin/sh", Args: []string{"-c", command}, Env: []string{"PATH=/bin:/usr/bin"}, Stdout: &out, Place: place})
	if errors.Is(err, machine.ErrNoQuota) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestProgramsAreOnTheirCore(t *testing.T) {
	const allowed = "grep Cpus_allowed_list /proc/self/status"
	if got := run(t, machine.Place{Core: 1}, allowed); got != "Cpus_allowed_list:\t0\n" {
		t.Errorf("on core 1: %q", got)
	}
	if got := run(t, machine.Place{}, "nproc"); got != fmt.Sprintln(runtime.NumCPU()) {
		t.Errorf("a program without a core of its own has %q", got)
	}
}

// The group has its quota, and is gone with the program.
func TestProgramsHaveTheirQuota(t *testing.T) {
	const quota = `group=$(sed -n 's|^[^:]*:\(cpu\)\{0,1\}:||p' /proc/self/cgroup | grep latchkey-load) || exit 1
for file in /sys/fs/cgroup$group/cpu.max /sys/fs/cgroup/cpu$group/cpu.cfs_quota_us; do
  [ -e $file ] && echo $file && cat $file
done`
	file, limit, _ := strings.Cut(run(t, machine.Place{CPUs: 0.5}, quota), "\n")
	if !strings.HasPrefix(limit, "50000") {
		t.Errorf("%s holds %q", file, limit)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left", file)
	}
}

// Who is halted does nothing, goes on when resumed, and can be stopped all the same.
func TestProgramsAreHalted(t *testing.T) {
	process, err := machine.Start(machine.Program{Path: "/bin/sh", Args: []string{"-c", "while :; do :; done"}})
	if err != nil {
		t.Fatal(err)
	}
	becomes := func(state string) {
		t.Helper()
		if err := process.Await(t.Context(), func() error {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.ID()))
			if err == nil && !strings.Contains(string(status), "State:\t"+state) {
				err = fmt.Errorf("it does not become %s: %s", state, status)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	for _, step := range []struct {
		do    func() error
		state string
	}{{process.Pause, "T"}, {process.Resume, "R"}, {process.Pause, "T"}} {
		if err := step.do(); err != nil {
			t.Error(err)
		}
		becomes(step.state)
	}
	if err := process.Stop(); err != nil {
		t.Error(err)
	}
}

func TestUsage(t *testing.T) {
	before, err := machine.UsageOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if before.Resident < machine.MiB || before.Peak < before.Resident {
		t.Errorf("%v", before)
	}
	after := before
	after.At, after.CPU = before.At.Add(2*time.Second), before.CPU+time.Second
	if got := after.Cores(before); got != 0.5 {
		t.Errorf("%v cores, want 0.5", got)
	}
	if _, err := machine.UsageOf(-1); err == nil {
		t.Error("nobody has a usage")
	}
}

// A program that ends before it answers is not waited for.
func TestAwaitNoticesTheEnd(t *testing.T) {
	process, err := machine.Start(machine.Program{Path: "/bin/sh", Args: []string{"-c", "exit 3"}})
	if err != nil {
		t.Fatal(err)
	}
	err = process.Await(t.Context(), func() error { return errors.New("not yet") })
	if err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("got %v", err)
	}
}

func TestStopEndsWhoeverWaits(t *testing.T) {
	process, err := machine.Start(machine.Program{Path: "/bin/sh", Args: []string{"-c", "read forever < /dev/zero"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Stop(); err != nil {
		t.Error(err)
	}
}
