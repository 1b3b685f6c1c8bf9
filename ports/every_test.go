package ports_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
)

func TestEveryRunsAtEachIntervalUntilItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // whose time moves when everybody waits
		runs := 0
		stop := ports.Every(time.Minute, func(context.Context) { runs++ })
		time.Sleep(3*time.Minute + time.Second)
		stop()
		if runs != 3 {
			t.Errorf("%d runs in three minutes", runs)
		}
		time.Sleep(time.Hour)
		if runs != 3 {
			t.Errorf("%d runs after it was stopped", runs-3)
		}
	})
}

func TestStoppingEndsARunAndWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := false
		stop := ports.Every(time.Minute, func(ctx context.Context) {
			<-ctx.Done()
			time.Sleep(time.Second) // it takes its time to end
			ended = true
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		stop()
		if !ended {
			t.Error("stop did not wait")
		}
	})
}
