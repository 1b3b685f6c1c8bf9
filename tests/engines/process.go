package engines

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// server is a process of this machine that serves on a port.
type server struct {
	addr    string // host:port
	process *os.Process
	exited  chan struct{}
	log     string // the file that it writes to
}

// startServer starts a program in the folder dir, writing to a log file there. The arguments are made of the port that
// it shall listen on. It answers when the server does, by ready.
func startServer(ctx context.Context, dir, program string, args func(port string) []string, ready func(ctx context.Context, addr string) error) (*server, error) {
	const attempts = 3 // another process may take the port before the server does
	var errs []error
	for range attempts {
		addr, port, err := freePort()
		if err != nil {
			return nil, err
		}
		cmd := exec.Command(program, args(port)...)
		s, err := run(cmd, dir, addr)
		if err != nil {
			return nil, err
		}
		if err = s.until(ctx, func() error { return ready(ctx, addr) }); err == nil {
			return s, nil
		}
		errs = append(errs, err, s.end())
	}
	return nil, errors.Join(errs...)
}

func freePort() (addr, port string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	defer func() { _ = l.Close() }()
	addr = l.Addr().String()
	_, port, err = net.SplitHostPort(addr)
	return addr, port, err
}

func run(cmd *exec.Cmd, dir, addr string) (*server, error) {
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	dieWithParent(cmd)
	s := &server{addr: addr, exited: make(chan struct{}), log: log.Name()}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the kernel takes this thread for the parent
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // however it ended, it is gone
			close(s.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	s.process = cmd.Process
	return s, nil
}

// until waits for a check to succeed, asking again and again while the server runs.
func (s *server) until(ctx context.Context, check func() error) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := check()
		if err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("%s ended: %s", s.addr, s.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w: %w: %s", s.addr, ctx.Err(), err, s.lastWords())
		case <-tick.C:
		}
	}
}

// lastWords is the end of the log.
func (s *server) lastWords() string {
	log, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// stopped waits until every thread of a process that was told to stop has done so: the signal alone returns before.
func (s *server) stopped() error {
	for {
		var status syscall.WaitStatus
		_, err := syscall.Wait4(s.process.Pid, &status, syscall.WUNTRACED, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil && !errors.Is(err, syscall.ECHILD): // that is one who has ended, and was waited for
			return err
		case err == nil && status.Stopped():
			return nil
		default:
			return fmt.Errorf("it ended instead: %s", s.lastWords())
		}
	}
}

// end ends the process at once, even one that is stopped, and waits for that.
func (s *server) end() error {
	err := s.process.Signal(syscall.SIGKILL)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	if err == nil {
		<-s.exited
	}
	return err
}

// tempDir is a folder that goes when the tests are over.
func tempDir() (string, error) {
	dir, err := os.MkdirTemp("", "latchkey-engine-")
	if err == nil {
		atEnd(func() error { return os.RemoveAll(dir) })
	}
	return dir, err
}
