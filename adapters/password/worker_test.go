package password

import (
	"testing"
	"testing/synctest"
	"time"
)

func (p *pool) started() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.workers
}

func TestWorkersStartWhenThereIsWork(t *testing.T) {
	inPool(t, 3, 0, func(t *testing.T, p *pool) {
		if n := p.started(); n != 0 {
			t.Errorf("%d workers wait for the first job, want none", n)
		}
		for range 5 {
			if err := p.run(t.Context(), network, nothing); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if n := p.started(); n != 1 {
			t.Errorf("%d workers for one job after the other, want 1", n)
		}
		occupy(t, p)()
		if n := p.started(); n != 3 {
			t.Errorf("%d workers for three jobs at once, want 3", n)
		}
	})
}

func TestWorkersGoWhenThereIsNoWork(t *testing.T) {
	inPool(t, 3, 0, func(t *testing.T, p *pool) {
		var used *memory
		occupy(t, p)()
		for range 3 { // the others have nothing to do meanwhile
			<-time.After(idleTime / 2)
			if err := p.run(t.Context(), network, func(m *memory) { used = m; m.exactly(8) }); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if used.blocks == nil || p.started() == 0 {
			t.Errorf("%d workers stay, want one with its memory", p.started())
		}
		<-time.After(2 * idleTime)
		synctest.Wait()
		if used.blocks != nil || p.started() != 0 {
			t.Errorf("%d workers stay, want none, and no memory", p.started())
		}
		if err := p.run(t.Context(), network, nothing); err != nil {
			t.Errorf("the next job: %v", err)
		}
	})
}

// Jobs that come at the very moment when a worker gives up are done all the same.
func TestWorkersMissNoJob(t *testing.T) {
	inPool(t, 2, 0, func(t *testing.T, p *pool) {
		for range 200 {
			outcomes := make(chan error, 3)
			for range cap(outcomes) {
				go func() { outcomes <- p.run(t.Context(), network, nothing) }()
			}
			for range cap(outcomes) {
				if err := <-outcomes; err != nil {
					t.Fatal(err)
				}
			}
			<-time.After(idleTime)
		}
	})
}

func TestMemoryIsKeptForHashesOfOneSize(t *testing.T) {
	var m memory
	defer m.release()
	first := m.exactly(64)
	first[63][127] = 1
	if again := m.exactly(64); again[63][127] != 1 {
		t.Error("the same size was made anew")
	}
	if other := m.exactly(128); len(other) != 128 || other[127] != (other[0]) {
		t.Error("a larger size is not what was asked for")
	}
	if less := m.exactly(8); len(less) != 8 {
		t.Error("what a large hash took was kept for a small one")
	}
}
