package program_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkStart measures, on a data folder that is there already, the time from the start of the process to its first
// answer, and the memory that it holds then.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	start(b, dir) // makes the folder
	b.ResetTimer()
	var resident float64
	for range b.N {
		resident += start(b, dir)
	}
	b.ReportMetric(resident/float64(b.N), "MiB-resident")
}

// start runs the program until its first answer, and answers how many MiB it holds.
func start(b *testing.B, dir string) float64 {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(address)
	cmd := command(b.Context(), dir, settings{"HOST": "127.0.0.1", "PORT": port})
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	answered := false
	for deadline := time.Now().Add(10 * time.Second); !answered && time.Now().Before(deadline); {
		if answer, err := http.Get("http://" + address + "/readyz"); err == nil {
			_ = answer.Body.Close()
			answered = true
		}
	}
	b.StopTimer()
	defer b.StartTimer()
	if !answered {
		b.Fatal("no answer within 10 s")
	}
	mib := resident(b, cmd.Process.Pid)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	return mib
}

// resident is what the kernel says that a process holds.
func resident(b *testing.B, pid int) (mib float64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("memory is read from /proc, which is not here")
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kib float64
	if _, err := fmt.Sscanf(strings.TrimSpace(rest), "%f kB", &kib); err != nil {
		b.Fatal(err)
	}
	return kib / 1024
}
