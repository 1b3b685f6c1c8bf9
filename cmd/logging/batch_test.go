package logging_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/latchkey-auth/latchkey/cmd/logging"
)

// slow is a log that takes as long as the test wants for each write.
type slow struct {
	goOn   chan struct{}
	writes []string
}

func (s *slow) Write(p []byte) (int, error) {
	<-s.goOn
	s.writes = append(s.writes, string(p))
	return len(p), nil
}

func TestLinesThatComeMeanwhileAreWrittenTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &slow{goOn: make(chan struct{})}
		batch := logging.NewBatch(log)
		_, _ = batch.Write([]byte("one\n"))
		synctest.Wait()
		_, _ = batch.Write([]byte("two\n"))
		_, _ = batch.Write([]byte("three\n"))
		close(log.goOn)
		batch.Close()
		_, _ = batch.Write([]byte("late\n"))
		if got := fmt.Sprintf("%q", log.writes); got != `["one\n" "two\nthree\n" "late\n"]` {
			t.Errorf("written: %s", got)
		}
	})
}

func TestLateLinesComeLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &slow{goOn: make(chan struct{})}
		batch := logging.NewBatch(log)
		_, _ = batch.Write([]byte("one\n"))
		synctest.Wait() // it is being written
		_, _ = batch.Write([]byte("two\n"))
		go batch.Close()
		synctest.Wait()
		go func() { _, _ = batch.Write([]byte("late\n")) }()
		synctest.Wait()
		close(log.goOn)
		synctest.Wait()
		if got := fmt.Sprintf("%q", log.writes); got != `["one\n" "two\n" "late\n"]` {
			t.Errorf("written: %s", got)
		}
	})
}

// Who logs more than can be written is made to wait, and nothing is lost.
func TestWhatWaitsToBeWrittenIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &slow{goOn: make(chan struct{})}
		batch := logging.NewBatch(log)
		line, logged := []byte(strings.Repeat("x", 1<<10)+"\n"), 0
		var logging sync.WaitGroup
		logging.Go(func() {
			for range 4 << 10 {
				_, _ = batch.Write(line)
				logged++
			}
		})
		synctest.Wait()
		if logged > 2100 { // 1 MiB that is being written, and another
			t.Errorf("%d lines of 1 KiB wait to be written", logged)
		}
		close(log.goOn)
		logging.Wait()
		batch.Close()
		if all := strings.Join(log.writes, ""); len(all) != 4<<10*len(line) {
			t.Errorf("%d bytes were written, want %d", len(all), 4<<10*len(line))
		}
	})
}

// counted counts writes.
type counted struct{ writes int }

func (c *counted) Write(p []byte) (int, error) {
	c.writes++
	return len(p), nil
}

func TestOneProcessorWritesManyLinesTogether(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var log counted
	batch := logging.NewBatch(&log)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { _, _ = batch.Write([]byte("line\n")) })
	}
	all.Wait()
	batch.Close()
	if log.writes > 25 {
		t.Errorf("%d writes for 50 lines that were all about to be logged", log.writes)
	}
}

func TestManyLogAtOnce(t *testing.T) {
	var log bytes.Buffer
	batch := logging.NewBatch(&log)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			for n := range 100 {
				_, _ = fmt.Fprintf(batch, "%d %d\n", i, n)
			}
		})
	}
	all.Wait()
	batch.Close()
	next := make([]int, 50)
	for line := range strings.Lines(log.String()) {
		var i, n int
		if _, err := fmt.Sscanf(line, "%d %d\n", &i, &n); err != nil || n != next[i] {
			t.Fatalf("the line %q comes after %d lines of %d", line, next[i], i)
		}
		next[i]++
	}
	for i, n := range next {
		if n != 100 {
			t.Errorf("%d lines of %d", n, i)
		}
	}
}
