// Package machine starts programs where they are to run, and reads what they use. It is for Linux.
package machine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Times that things may take.
const (
	startTime = time.Minute
	stopTime  = 20 * time.Second
)

// Program is what to start.
type Program struct {
	Path  string
	Args  []string
	Env   []string // all of it
	Dir   string
	Place Place
	// Stdout and Stderr take what the program says; nobody does where nil.
	Stdout, Stderr io.Writer
}

// Process is a program that runs. It ends with this process.
type Process struct {
	cmd    *exec.Cmd
	quota  *quota
	exited chan struct{}
	err    error // how it ended
}

// Start starts a program.
func Start(p Program) (*Process, error) {
	process := &Process{cmd: exec.Command(p.Path, p.Args...), exited: make(chan struct{})}
	process.cmd.Env, process.cmd.Dir = p.Env, p.Dir
	process.cmd.Stdout, process.cmd.Stderr = p.Stdout, p.Stderr
	process.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if p.Place.CPUs > 0 {
		var err error
		if process.quota, err = newQuota(p.Place.CPUs); err != nil {
			return nil, err
		}
	}
	started := make(chan error)
	go process.run(p.Place, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Path, err)
	}
	return process, nil
}

// run starts the process and waits for its end, on a thread of its own: the process inherits where that may run, and
// the kernel takes it for the parent. As the goroutine never lets go of the thread, it ends with it.
func (p *Process) run(place Place, started chan<- error) {
	defer close(p.exited)
	runtime.LockOSThread()
	err := p.start(place)
	started <- err
	if err == nil {
		p.err = p.cmd.Wait()
	}
	if p.quota != nil {
		p.err = errors.Join(p.err, p.quota.remove())
	}
}

func (p *Process) start(place Place) error {
	if place.Core > 0 {
		if err := pin(0, place.Core); err != nil {
			return err
		}
	}
	if p.quota != nil {
		return p.quota.start(p.cmd.SysProcAttr, p.cmd.Start)
	}
	return p.cmd.Start()
}

// ID is the process's.
func (p *Process) ID() int { return p.cmd.Process.Pid }

// Await asks again and again, with hardly a pause, until the answer is no error.
func (p *Process) Await(ctx context.Context, ask func() error) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-p.exited:
			return fmt.Errorf("%s ended: %w", strings.Join(p.cmd.Args, " "), errors.Join(p.err, errEnded))
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w", p.cmd.Path, errors.Join(ctx.Err(), err))
		case <-time.After(200 * time.Microsecond):
		}
	}
}

var errEnded = errors.New("see what it says with --verbose")

// Usage is what the process has had of the machine so far.
func (p *Process) Usage() (Usage, error) { return UsageOf(p.ID()) }

// Pause halts the process, with all that it had put off, until it is resumed.
func (p *Process) Pause() error { return p.cmd.Process.Signal(syscall.SIGSTOP) }

// Resume lets the process go on.
func (p *Process) Resume() error { return p.cmd.Process.Signal(syscall.SIGCONT) }

// CPU is what a process that has ended had of the processors.
func (p *Process) CPU() time.Duration {
	<-p.exited
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}

// Wait waits for the process to end by itself.
func (p *Process) Wait(ctx context.Context) error {
	select {
	case <-p.exited:
		return p.err
	case <-ctx.Done():
		return errors.Join(ctx.Err(), p.Stop())
	}
}

// Stop asks the process to end, and ends it if it takes too long.
func (p *Process) Stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	_ = p.Resume()
	select {
	case <-p.exited:
	case <-time.After(stopTime):
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
	if exit, ok := errors.AsType[*exec.ExitError](p.err); ok && exit.Sys().(syscall.WaitStatus).Signaled() {
		return nil // which is how some end
	}
	return p.err
}

// FreeAddress is an address of this machine that nobody listens at.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
