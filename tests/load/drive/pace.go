package drive

import (
	"context"
	"time"
)

// pace says when a client's next request is due.
type pace struct {
	every time.Duration
	due   time.Time
}

// wait waits for the next request to be due. It answers since when it is: a request that the client could not send
// because the one before took too long has been due since then, and the wait is the service's fault; that this process
// was woken late is not. It answers false when the context has ended.
func (p *pace) wait(ctx context.Context) (due time.Time, ok bool) {
	due = p.due
	p.due = due.Add(p.every)
	if p.every == 0 {
		return time.Now(), ctx.Err() == nil
	}
	if ahead := time.Until(due); ahead > 0 {
		ok = sleep(ctx, ahead)
		return latest(due, time.Now()), ok
	}
	return due, ctx.Err() == nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// sleep waits, and answers false when the context has ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
