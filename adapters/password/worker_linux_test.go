package password

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// threadsOf keeps all workers of the pool busy at once, and answers their threads.
func threadsOf(t *testing.T, p *pool, look func(thread int)) map[int]bool {
	t.Helper()
	threads, all := map[int]bool{}, sync.WaitGroup{}
	all.Add(p.size)
	var mu sync.Mutex
	var callers sync.WaitGroup
	for range p.size {
		callers.Go(func() {
			err := p.run(t.Context(), network, func(*memory) {
				mu.Lock()
				threads[unix.Gettid()] = true
				look(unix.Gettid())
				mu.Unlock()
				all.Done()
				all.Wait()
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	return threads
}

// niceness of a thread; the system call itself, which the library answers, says 20 less that.
func niceness(t *testing.T, thread int) int {
	t.Helper()
	priority, err := unix.Getpriority(unix.PRIO_PROCESS, thread)
	if err != nil {
		t.Fatal(err)
	}
	return 20 - priority
}

func TestWorkersHaveThreadsOfTheLowestPriority(t *testing.T) {
	p := newPool(3, 0)
	look := func(thread int) {
		if n := niceness(t, thread); n != lowest {
			t.Errorf("a worker's thread has niceness %d, want %d", n, lowest)
		}
	}
	threads := threadsOf(t, p, look)
	if len(threads) != 3 {
		t.Errorf("three workers use %d threads", len(threads))
	}
	for again := range threadsOf(t, p, look) {
		if !threads[again] {
			t.Error("a worker has changed its thread")
		}
	}
	p.close()
	for thread := range threads {
		if thread != os.Getpid() { // Go parks the process's main thread instead of ending it
			awaitEnd(t, thread)
		}
	}
}

// awaitEnd returns when there is no such thread any more: it ends a moment after its goroutine.
func awaitEnd(t *testing.T, thread int) {
	t.Helper()
	for t.Context().Err() == nil {
		if _, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", thread)); err != nil {
			return
		}
		runtime.Gosched()
	}
}

// Argon2id is to be computed by the worker: other goroutines would run with the priority of requests.
func TestHashesAreComputedByTheWorkersThread(t *testing.T) {
	hasher := open(t, Config{Argon2: Argon2Params{Memory: 8 << 10, Time: 2, Threads: 2}, Workers: 1})
	computed := func() int64 {
		var of unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_THREAD, &of); err != nil {
			t.Error(err)
		}
		return of.Utime.Nano() + of.Stime.Nano()
	}
	var before, after int64
	mark := func(at *int64) {
		if err := hasher.pool.run(t.Context(), network, func(*memory) { *at = computed() }); err != nil {
			t.Fatal(err)
		}
	}
	mark(&before)
	for range 20 {
		if _, err := hasher.Hash(t.Context(), network, secretPassword("password")); err != nil {
			t.Fatal(err)
		}
	}
	mark(&after)
	if after == before {
		t.Error("the worker's thread has not computed anything")
	}
}
