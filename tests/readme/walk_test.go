package readme_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// address is the one in the README. The test serves at another, for a machine may well have this one in use.
const address = "localhost:8000"

// TestTheCommandsOfTheREADME starts the service as the README says and takes its walk with curl, command by command.
func TestTheCommandsOfTheREADME(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("the walk takes curl, which is not on the PATH")
	}
	shell := blocks(t, "")
	if start, _, _ := strings.Cut(shell[0], "#"); strings.TrimSpace(start) != "go run ./cmd/latchkey" {
		t.Fatalf("the first command of the README is %q", start)
	}
	if !strings.Contains(shell[0], "\ngo test ./...") {
		t.Fatal("the first commands of the README do not test")
	}
	served := serve(t, "go run ./cmd/latchkey")
	dir := t.TempDir()
	for _, block := range blocks(t, "## A walk with curl") {
		for _, command := range commands(block) {
			answer := run(t, dir, strings.ReplaceAll(command, address, served))
			var envelope struct{ Success bool }
			if err := json.Unmarshal([]byte(answer), &envelope); err != nil || !envelope.Success {
				t.Fatalf("%s\nanswers %s", command, answer)
			}
		}
	}
}

// blocks is the shell blocks of a section of the README, or of all of it.
func blocks(t *testing.T, heading string) []string {
	t.Helper()
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(data), heading)
	if !found {
		t.Fatalf("the README has no %q", heading)
	}
	if heading != "" {
		text, _, _ = strings.Cut(text, "\n## ")
	}
	var all []string
	for {
		_, rest, ok := strings.Cut(text, "```sh\n")
		if !ok {
			return all
		}
		var block string
		block, text, _ = strings.Cut(rest, "```")
		all = append(all, block)
	}
}

// commands splits a block at the ends of lines that do not go on.
func commands(block string) []string {
	joined := strings.ReplaceAll(strings.TrimSpace(block), "\\\n", " ")
	return strings.Split(joined, "\n")
}

// serve runs a command of the README that serves, at a free port, until the test ends.
func serve(t *testing.T, command string) (served string) {
	t.Helper()
	served = "localhost:" + freePort(t)
	process := exec.Command("sh", "-c", "exec "+command)
	process.Dir = filepath.Dir(readme)
	process.Env = append(os.Environ(), "PORT="+strings.TrimPrefix(served, "localhost:"), "DATA_DIR="+t.TempDir(), "OPERATOR_ADDR=off")
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // "go run" starts the program as its child
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-process.Process.Pid, syscall.SIGTERM)
		_ = process.Wait() // "go run" tells of the signal
	})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // to compile
	defer cancel()
	for poll := time.NewTicker(20 * time.Millisecond); ; {
		if answer, err := http.Get("http://" + served + "/healthz"); err == nil {
			answer.Body.Close()
			return served
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			t.Fatal("the service did not start")
		}
	}
}

func run(t *testing.T, dir, command string) string {
	t.Helper()
	process := exec.CommandContext(t.Context(), "sh", "-c", command)
	process.Dir = dir
	out, err := process.Output()
	if err != nil {
		t.Fatalf("%s\nfails: %v", command, err)
	}
	return string(out)
}
