package password

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// inRoom runs a test with a pool of two, one of whose workers may wait for a job, and what the program was told.
func inRoom(t *testing.T, test func(t *testing.T, p *pool, told func() string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var all []int
		p := newPool(Config{Workers: 2, Room: func(workers int) {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, workers)
		}})
		defer p.close()
		test(t, p, func() string {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return fmt.Sprint(all)
		})
	})
}

func TestRoomIsMadeForHashes(t *testing.T) {
	inRoom(t, func(t *testing.T, p *pool, told func() string) {
		if got := told(); got != "[]" {
			t.Errorf("told %s before anybody came", got)
		}
		release := occupy(t, p)
		if got := told(); got != "[2]" {
			t.Errorf("told %s while two are computed, want [2]", got)
		}
		release()
	})
}

// Who comes soon finds the room as it is: to change it costs everybody a moment.
func TestRoomIsGivenBackAfterAWhile(t *testing.T) {
	inRoom(t, func(t *testing.T, p *pool, told func() string) {
		for range 5 {
			if err := p.run(t.Context(), network, nothing); err != nil {
				t.Fatal(err)
			}
			<-time.After(quietTime / 2)
		}
		if got := told(); got != "[2]" {
			t.Errorf("told %s during five hashes, want [2]", got)
		}
		<-time.After(quietTime)
		if got := told(); got != "[2 0]" {
			t.Errorf("told %s after them, want [2 0]", got)
		}
		if err := p.run(t.Context(), network, nothing); err != nil {
			t.Fatal(err)
		}
		if got := told(); got != "[2 0 2]" {
			t.Errorf("told %s for the next one, want [2 0 2]", got)
		}
	})
}

func TestRoomStaysWhileAHashTakesLong(t *testing.T) {
	inRoom(t, func(t *testing.T, p *pool, told func() string) {
		if err := p.run(t.Context(), network, nothing); err != nil { // after which it is quiet, but not for long
			t.Fatal(err)
		}
		release := occupy(t, p)
		<-time.After(3 * quietTime)
		if got := told(); got != "[2]" {
			t.Errorf("told %s while two are computed, want [2]", got)
		}
		release()
		<-time.After(2 * quietTime)
		if got := told(); got != "[2 0]" {
			t.Errorf("told %s after them, want [2 0]", got)
		}
	})
}

// A worker that is called for a job finds none, where its caller has left.
func TestRoomIsGivenBackWhereNobodyWaitsAnyMore(t *testing.T) {
	inRoom(t, func(t *testing.T, p *pool, told func() string) {
		j := &job{network: network, done: make(chan struct{})}
		p.mu.Lock()
		p.queue.push(j)
		p.room.want(p.size)
		p.mu.Unlock()
		p.leave(j, context.Canceled)
		if !errors.Is(j.failure, context.Canceled) {
			t.Fatalf("the job ended with %v", j.failure)
		}
		<-time.After(2 * quietTime)
		if got := told(); got != "[2 0]" {
			t.Errorf("told %s, want [2 0]", got)
		}
	})
}

func TestRoomIsGivenBackAtTheEnd(t *testing.T) {
	inRoom(t, func(t *testing.T, p *pool, told func() string) {
		if err := p.run(t.Context(), network, nothing); err != nil {
			t.Fatal(err)
		}
		if got := told(); got != "[2]" {
			t.Errorf("told %s, want [2]", got)
		}
		p.close()
		if got := told(); got != "[2 0]" {
			t.Errorf("told %s at the end, want [2 0]", got)
		}
		<-time.After(2 * quietTime)
		if got := told(); got != "[2 0]" {
			t.Errorf("told %s after the end, want [2 0]", got)
		}
	})
}

// A program that is slow to make room keeps nobody waiting, and hears last what holds.
func TestNobodyWaitsForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn, all := make(chan struct{}), []int{}
		p := newPool(Config{Workers: 2, Room: func(workers int) {
			<-goOn
			all = append(all, workers)
		}})
		defer p.close()
		for range 3 {
			if err := p.run(t.Context(), network, nothing); err != nil {
				t.Fatal(err)
			}
			<-time.After(2 * quietTime)
		}
		close(goOn)
		synctest.Wait()
		if got := fmt.Sprint(all); got != "[2 0]" {
			t.Errorf("told %s once it listened, want [2 0]", got)
		}
	})
}

func TestNothingIsToldAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told atomic.Int32
		p := newPool(Config{Workers: 2, Room: func(int) {
			<-time.After(time.Second)
			told.Add(1)
		}})
		if err := p.run(t.Context(), network, nothing); err != nil {
			t.Fatal(err)
		}
		p.close()
		before := told.Load()
		<-time.After(time.Minute)
		if after := told.Load(); after != before {
			t.Errorf("told %d times, and %d after the end", before, after-before)
		}
	})
}
