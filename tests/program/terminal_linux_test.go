package program_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal with the program at it, as somebody has who types.
type terminal struct {
	keys  *os.File // what is typed, and what is seen
	seen  bytes.Buffer
	cmd   *exec.Cmd
	ended chan error
}

// atTerminal starts the program at a terminal of its own.
func atTerminal(t *testing.T, dir string, args ...string) *terminal {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	must(t, err)
	t.Cleanup(func() { _ = keys.Close() })
	must(t, unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	must(t, err)
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	must(t, err)
	t.Cleanup(func() { _ = screen.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	p := &terminal{keys: keys, cmd: command(ctx, dir, nil, args...), ended: make(chan error, 1)}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = screen, screen, screen
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} // so that Ctrl-C is a signal
	must(t, p.cmd.Start())
	go func() { p.ended <- p.cmd.Wait() }()
	return p
}

// see reads on until this is to be seen.
func (p *terminal) see(t *testing.T, text string) {
	t.Helper()
	var part [256]byte
	for !strings.Contains(p.seen.String(), text) {
		n, err := p.keys.Read(part[:])
		if err != nil {
			t.Fatalf("%v, after %q", err, p.seen.String())
		}
		p.seen.Write(part[:n])
	}
}

// echoes reports whether the terminal shows what is typed.
func (p *terminal) echoes(t *testing.T) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(p.keys.Fd()), unix.TCGETS)
	must(t, err)
	return state.Lflag&unix.ECHO != 0
}

// types answers a prompt, once what is typed is hidden.
func (p *terminal) types(t *testing.T, prompt, text string) {
	t.Helper()
	p.see(t, prompt)
	for p.echoes(t) {
		runtime.Gosched()
	}
	_, err := p.keys.WriteString(text)
	must(t, err)
}

// ends waits for the end, and answers the exit code.
func (p *terminal) ends(t *testing.T) int {
	t.Helper()
	<-p.ended
	if !p.echoes(t) {
		t.Error("the terminal is left without echo")
	}
	return p.cmd.ProcessState.ExitCode()
}

func TestPasswordIsAskedForTwiceAndNotShown(t *testing.T) {
	dir := t.TempDir()
	p := atTerminal(t, dir, "users", "create", "--email", "ada@example.org", "--json")
	p.types(t, "New password: ", password+"\n")
	p.types(t, "Once more: ", password+"\n")
	p.see(t, `"email":"ada@example.org"`)
	if code := p.ends(t); code != 0 || strings.Contains(p.seen.String(), "horse") {
		t.Errorf("it ended with %d, and to be seen is %q", code, p.seen.String())
	}
}

func TestPasswordsThatDiffer(t *testing.T) {
	p := atTerminal(t, t.TempDir(), "users", "create", "--email", "ada@example.org")
	p.types(t, "New password: ", password+"\n")
	p.types(t, "Once more: ", otherPassword+"\n")
	p.see(t, "latchkey: the two passwords differ; see --help")
	if code := p.ends(t); code != 2 {
		t.Errorf("it ended with %d", code)
	}
}

// TestPasswordPromptBrokenOff: Ctrl-C ends it at once, and the terminal shows again what is typed.
func TestPasswordPromptBrokenOff(t *testing.T) {
	p := atTerminal(t, t.TempDir(), "users", "create", "--email", "ada@example.org")
	p.types(t, "New password: ", "correct\x03")
	if code := p.ends(t); code != 1 {
		t.Errorf("it ended with %d", code)
	}
}
