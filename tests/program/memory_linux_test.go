package program_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestDumpsHoldNoSecrets: whoever gets at what a process leaves behind that is killed to show its inside, with all that
// Go and the kernel may leave, would have the keys, and the passwords of those who sign in.
func TestDumpsHoldNoSecrets(t *testing.T) {
	p := serve(t, t.TempDir(), settings{"ACCESS_TOKEN_SECRET": longSecret, "REFRESH_TOKEN_SECRET": longSecret + "!", "GOTRACEBACK": "crash"})
	allowCores(t, p.cmd.Process.Pid)
	in := signUp(t, p.service(t), "ada@example.org")
	p.signal(t, syscall.SIGQUIT)
	p.wait(t)
	if ended := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ended.Signaled() || ended.CoreDump() {
		t.Errorf("the process ended with %v; want an abort without a core", p.cmd.ProcessState)
	}
	dump := fmt.Sprint(p.log)
	if !strings.Contains(dump, "goroutine 1 ") {
		t.Fatalf("%d bytes are no dump", len(dump))
	}
	for name, secret := range map[string]string{"setting": longSecret, "password": password, "access token": in.AccessToken, "refresh token": in.RefreshToken} {
		if strings.Contains(dump, secret) {
			t.Errorf("the dump holds the %s", name)
		}
	}
}

// allowCores lets the kernel write a core of a process, as big as may be.
func allowCores(t *testing.T, pid int) {
	t.Helper()
	var limit unix.Rlimit
	must(t, unix.Prlimit(pid, unix.RLIMIT_CORE, nil, &limit))
	limit.Cur = limit.Max
	must(t, unix.Prlimit(pid, unix.RLIMIT_CORE, &limit, nil))
}
