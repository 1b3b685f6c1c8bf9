package compare

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
)

// crowd is the clients of a storm, who sign in again and again until it ends.
type crowd struct {
	server *server
	done   atomic.Int64 // sign-ins
	// end ends the storm, and answers what came of it.
	end func() *drive.Result
}

// signInAllAlong begins a storm over a server.
func signInAllAlong(ctx context.Context, s *server) *crowd {
	c := &crowd{server: s}
	clients := drive.NewClients(s.service, s.addr, stormClients, len(s.clients))
	group := drive.Group{Clients: clients, Ops: []drive.Op{drive.Login}, Watch: c.count}
	ctx, cancel := context.WithCancel(ctx)
	result := make(chan *drive.Result, 1)
	go func() { result <- drive.Run(ctx, drive.Load{Groups: []drive.Group{group}, For: time.Hour}, nil) }()
	c.end = sync.OnceValue(func() *drive.Result {
		cancel()
		defer drive.CloseAll(clients)
		return <-result
	})
	return c
}

// count is a drive.Group's Watch.
func (c *crowd) count(_ drive.Op, _ time.Time, _ time.Duration, a drive.Answer) {
	if a.OK() {
		c.done.Add(1)
	}
}

// turn is that of a side: how many sign in per second while something happens.
func (c *crowd) turn(while func(context.Context, time.Duration) error) func(context.Context, time.Duration) (float64, usedCores, error) {
	return func(ctx context.Context, d time.Duration) (perSecond float64, used usedCores, err error) {
		before, begin := c.done.Load(), time.Now()
		used, err = c.server.spends(func() error { return while(ctx, d) })
		return float64(c.done.Load()-before) / time.Since(begin).Seconds(), used, err
	}
}
