package compare

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// fsyncs counts, with strace, how many refreshes reach the disk at the price of one fsync. It slows down nothing else:
// the kernel lets all other calls pass.
func (b *bench) fsyncs(ctx context.Context) (err error) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		b.say("there is no strace on the PATH (apt-get install strace): fsyncs are not counted")
		return nil
	}
	trace := filepath.Join(b.work, "fsyncs")
	program := b.latchkey(onServerCore)
	s, err := b.serve(ctx, "fsync", service.Latchkey(), func(addr string) machine.Program {
		p := program(addr)
		// -D makes Latchkey the process, and strace its grandchild.
		p.Args = append([]string{"-D", "-f", "--seccomp-bpf", "-ttt", "-e", "trace=fsync,fdatasync", "-o", trace, p.Path}, p.Args...)
		p.Path = strace
		return p
	})
	if err != nil {
		return err
	}
	stopped := false
	defer func() {
		if !stopped {
			err = errors.Join(err, s.stop())
		}
	}()
	if err := s.signIn(ctx, b.Clients); err != nil {
		return err
	}
	begin := time.Now()
	load := drive.Load{Groups: []drive.Group{{Clients: s.clients, Ops: []drive.Op{drive.Refresh}}}, For: b.Slice}
	result, _, err := b.run(ctx, "refresh, fsyncs counted", s, load)
	end := time.Now()
	if err != nil {
		return err
	}
	stopped = true
	if err := s.stop(); err != nil {
		return err
	}
	return b.noteFsyncs(trace, begin, end, result.Tallies[drive.Refresh].Done())
}

func (b *bench) noteFsyncs(trace string, begin, end time.Time, refreshes int64) error {
	file, err := os.Open(trace)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	calls, err := countCalls(file, begin, end)
	if err != nil {
		return err
	}
	if calls == 0 {
		return fmt.Errorf("strace saw no fsync in %d refreshes", refreshes)
	}
	b.figures.add("refreshes by fsync", float64(refreshes)/float64(calls))
	b.say("%-26s %d refreshes, %d fsyncs", "fsync", refreshes, calls)
	return nil
}

// countCalls counts the calls of a trace that began within a time. Its lines begin with a thread and the seconds since
// 1970; the second half of a call that was interrupted in the trace is a line of its own.
func countCalls(trace io.Reader, begin, end time.Time) (calls int, err error) {
	lines := bufio.NewScanner(trace)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 3 || !strings.Contains(fields[2], "sync(") {
			continue
		}
		seconds, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return 0, fmt.Errorf("read strace's %q: %w", lines.Text(), err)
		}
		if at := time.UnixMicro(int64(seconds * 1e6)); !at.Before(begin) && at.Before(end) {
			calls++
		}
	}
	return calls, lines.Err()
}
