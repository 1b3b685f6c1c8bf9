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
	p := newPool(Config{Workers: 3})
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

// Argon2id is to be computed by the worker itself: on other threads, it would have the priority of requests.
func TestHashesAreComputedByTheWorkersThread(t *testing.T) {
	for _, threads := range []uint8{1, 4} {
		hasher := open(t, Config{Argon2: Argon2Params{Memory: 8 << 10, Time: 2, Threads: threads}, Workers: 1})
		var before, after int64 // nanoseconds that the worker's thread has computed
		mark := func(at *int64) {
			err := hasher.pool.run(t.Context(), network, func(*memory) { *at = computed(t, unix.CLOCK_THREAD_CPUTIME_ID) })
			if err != nil {
				t.Fatal(err)
			}
		}
		process := computed(t, unix.CLOCK_PROCESS_CPUTIME_ID)
		mark(&before)
		for range 20 {
			if _, err := hasher.Hash(t.Context(), network, secretPassword("password")); err != nil {
				t.Fatal(err)
			}
		}
		mark(&after)
		worker, all := after-before, computed(t, unix.CLOCK_PROCESS_CPUTIME_ID)-process
		if worker < all/2 {
			t.Errorf("%d lanes: the worker computed %d of %d ns", threads, worker, all)
		}
	}
}

func computed(t *testing.T, clock int32) (nanoseconds int64) {
	t.Helper()
	var now unix.Timespec
	if err := unix.ClockGettime(clock, &now); err != nil {
		t.Error(err)
	}
	return now.Nano()
}
