package drive

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// A client that is on time waits for the next request, which is due when it is sent.
func TestPaceWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		p := pace{every: time.Second, due: begin.Add(time.Second)}
		for i := 1; i <= 3; i++ {
			due, ok := p.wait(t.Context())
			if want := begin.Add(time.Duration(i) * time.Second); !ok || due != want || time.Now() != want {
				t.Fatalf("request %d was due %v, want %v", i, due.Sub(begin), want.Sub(begin))
			}
		}
	})
}

// A client that had to wait for an answer sends what it could not send meanwhile, due since then.
func TestPaceCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		p := pace{every: time.Second, due: begin}
		_, _ = p.wait(t.Context())
		time.Sleep(2500 * time.Millisecond)
		for i := 1; i <= 2; i++ {
			due, ok := p.wait(t.Context())
			if want := begin.Add(time.Duration(i) * time.Second); !ok || due != want || time.Since(begin) != 2500*time.Millisecond {
				t.Fatalf("request %d was due %v, want %v", i, due.Sub(begin), want.Sub(begin))
			}
		}
	})
}

func TestPaceWithoutInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace{due: time.Now()}
		time.Sleep(time.Hour)
		if due, ok := p.wait(t.Context()); !ok || due != time.Now() {
			t.Errorf("due %v ago", time.Since(due))
		}
	})
}

func TestPaceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		p := pace{every: time.Hour, due: time.Now().Add(time.Hour)}
		if _, ok := p.wait(ctx); ok || ctx.Err() == nil {
			t.Error("the wait went on")
		}
	})
}
