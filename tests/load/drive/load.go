package drive

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Group is clients that do the same.
type Group struct {
	Clients []*Client
	// Ops is what each client does, one after the other and over again. Each begins at another place.
	Ops []Op
	// Every is the time from one request of a client to the next; where zero, that follows the answer at once.
	Every time.Duration
	// BusyPoll has clients wait for answers without sleep, where their core has nothing else to do: a server on this
	// machine need not wake them. It is for all groups of a load or for none: beside them, who sleeps is woken late.
	BusyPoll bool
	// Watch is told of each request: when it was due, and how long it took from then. It may be nil.
	Watch func(op Op, due time.Time, took time.Duration, a Answer)
}

// Load is what groups of clients do at the same time, within bounds.
type Load struct {
	Groups []Group
	// Warmup is not counted, and For is.
	Warmup, For time.Duration
	// Requests bounds those of all clients together; no bound where zero.
	Requests int64
}

// Result is what came of a load.
type Result struct {
	Took    time.Duration // of what was counted
	Tallies map[Op]*Tally
}

// NewResult makes one that nothing came of yet.
func NewResult() *Result { return &Result{Tallies: map[Op]*Tally{}} }

// Ops is the kinds of request that there were, in order.
func (r *Result) Ops() []Op { return slices.Sorted(maps.Keys(r.Tallies)) }

// Rate is how many requests of a kind were answered well in a second.
func (r *Result) Rate(op Op) float64 {
	if t := r.Tallies[op]; t != nil && r.Took > 0 {
		return float64(t.Done()) / r.Took.Seconds()
	}
	return 0
}

// Add takes in what came of the same load at another time.
func (r *Result) Add(other *Result) {
	r.Took += other.Took
	for op, t := range other.Tallies {
		if r.Tallies[op] == nil {
			r.Tallies[op] = newTally()
		}
		r.Tallies[op].merge(t)
	}
}

// Bad is how many requests were not answered well.
func (r *Result) Bad() (n int64) {
	for _, t := range r.Tallies {
		n += t.Bad()
	}
	return n
}

// run is a load under way.
type run struct {
	Load
	*Result
	begin, end time.Time // of what is counted
	left       atomic.Int64
}

// Run makes a load, and returns when its last request was answered. Progress may be nil.
func Run(ctx context.Context, l Load, progress *Progress) *Result {
	now := time.Now()
	r := &run{Load: l, Result: NewResult(), begin: now.Add(l.Warmup)}
	r.end = r.begin.Add(l.For)
	r.left.Store(cmp.Or(l.Requests, 1<<62))
	for _, g := range l.Groups {
		for _, op := range g.Ops {
			r.Tallies[op] = newTally()
		}
	}
	ctx, cancel := context.WithDeadline(ctx, r.end)
	defer cancel()
	stop := progress.follow(r)
	var clients sync.WaitGroup
	for _, g := range l.Groups {
		for i, c := range g.Clients {
			clients.Go(func() { r.client(ctx, g, i, c) })
		}
	}
	clients.Wait()
	// Fewer requests than the bound end with the time; as many, with the last of them.
	r.Took = max(0, min(time.Since(r.begin), l.For))
	stop()
	return r.Result
}

// client does what its group does, until the end.
func (r *run) client(ctx context.Context, g Group, i int, c *Client) {
	c.conn.busy = g.BusyPoll
	p := pace{every: g.Every, due: time.Now().Add(g.Every * time.Duration(i) / time.Duration(len(g.Clients)))}
	for n := i; r.left.Add(-1) >= 0; n++ {
		op := g.Ops[n%len(g.Ops)]
		due, ok := p.wait(ctx)
		if !ok {
			r.omitted(g, op, due)
			return
		}
		answer := c.Do(op)
		r.count(g, op, due, answer)
		if answer.After > 0 && !sleep(ctx, answer.After) {
			return
		}
	}
}

// count counts a request whose answer has just come.
func (r *run) count(g Group, op Op, due time.Time, a Answer) {
	now := time.Now()
	if g.Watch != nil {
		g.Watch(op, due, now.Sub(due), a)
	}
	if now.Before(r.begin) {
		return
	}
	// What was asked for in time and answered late was slow, and is no work done in time.
	r.Tallies[op].add(a, now.Sub(due), now.Before(r.end))
}

// omitted counts the requests that a client could not send any more, as it waited for an answer to the end: they would
// have taken this long at least. Without them, a service that stands still would look fast.
func (r *run) omitted(g Group, op Op, due time.Time) {
	now := time.Now()
	for ; g.Every > 0 && due.Before(r.end) && now.After(r.end); due = due.Add(g.Every) {
		r.Tallies[op].waited(now.Sub(due))
		if g.Watch != nil {
			g.Watch(op, due, now.Sub(due), Answer{Status: http.StatusOK})
		}
	}
}
