// Package program_test builds the program and runs it as people do who operate it.
package program_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is how long anything may take before a test gives up. Nothing waits for it when all is well.
const patience = time.Minute

// binary is the program, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "latchkey-program-")
	if err != nil {
		log.Fatal(err)
	}
	binary = filepath.Join(dir, "latchkey")
	build := exec.Command("go", "build", "-o", binary, "../../cmd/latchkey")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// settings are variables of the environment.
type settings map[string]string

// command prepares the program to be run in a folder, with these settings and no others.
func command(ctx context.Context, dir string, vars settings, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
	for name, value := range vars {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// result is what is left of a program that ended by itself.
type result struct {
	code           int
	stdout, stderr string
}

// run runs the program to its end.
func run(t *testing.T, dir string, vars settings, args ...string) result {
	t.Helper()
	return runWith(t, dir, vars, "", args...)
}

// runWith is run with something on standard input.
func runWith(t *testing.T, dir string, vars settings, stdin string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := command(ctx, dir, vars, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if _, ended := errors.AsType[*exec.ExitError](err); !ended || ctx.Err() != nil {
			t.Fatalf("latchkey %v: %v\n%s", args, err, stderr.String())
		}
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// process is the program while it serves.
type process struct {
	cmd    *exec.Cmd
	base   string // URL
	ended  chan error
	closed chan struct{} // once the log is whole
	log    []map[string]any
}

// serve starts the program, on free ports unless told otherwise, and returns when it serves.
func serve(t *testing.T, dir string, vars settings) *process {
	t.Helper()
	given := settings{"PORT": "0", "HOST": "127.0.0.1", "OPERATOR_ADDR": "off"}
	for name, value := range vars {
		given[name] = value
	}
	p := &process{cmd: command(context.Background(), dir, given), ended: make(chan error, 1), closed: make(chan struct{})}
	stderr, err := p.cmd.StderrPipe()
	must(t, err)
	must(t, p.cmd.Start())
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	serving := make(chan string, 1)
	go p.follow(stderr, serving)
	select {
	case address, ok := <-serving:
		if !ok {
			t.Fatalf("the program ended: %v", p.log)
		}
		p.base = "http://" + address
	case <-time.After(patience):
		t.Fatal("the program does not serve")
	}
	return p
}

// follow reads the log to its end, and tells when it says where the program serves.
func (p *process) follow(stderr io.Reader, serving chan<- string) {
	defer close(p.closed)
	defer close(serving)
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		line := map[string]any{}
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			line["msg"] = lines.Text()
		}
		p.log = append(p.log, line)
		if line["msg"] == "serving" {
			serving <- fmt.Sprint(line["address"])
		}
	}
	p.ended <- p.cmd.Wait()
}

// signal sends the process a signal, and kill ends it on the spot.
func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	must(t, p.cmd.Process.Signal(s))
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	p.signal(t, os.Kill)
	p.wait(t)
}

// stop asks the process to end, which it must do well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.signal(t, os.Interrupt)
	if code := p.wait(t); code != 0 {
		t.Errorf("the program ended with %d: %v", code, p.log)
	}
}

// wait waits for the end, and answers the exit code. From then on the log is whole.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
		<-p.closed
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		t.Fatal("the program does not end")
		return 0
	}
}

// logged answers the lines with this message.
func (p *process) logged(message string) (lines []map[string]any) {
	for _, line := range p.log {
		if line["msg"] == message {
			lines = append(lines, line)
		}
	}
	return lines
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write writes a file of a test's folder.
func write(t *testing.T, path, content string) string {
	t.Helper()
	must(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// oneLine is the only line of a text.
func oneLine(t *testing.T, text string) string {
	t.Helper()
	line, rest, whole := strings.Cut(text, "\n")
	if !whole || rest != "" {
		t.Fatalf("not one line: %q", text)
	}
	return line
}
