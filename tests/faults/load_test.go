package faults_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

const (
	// pace is how often a client does something, at most.
	pace = 20 * time.Millisecond
	// patience is how long a test waits for what has to happen. Which request a connection breaks at is chance: that takes 5 to
	// 20 seconds where nothing else runs, and a minute is not always enough beside other tests.
	patience = 3 * time.Minute
)

// load is clients who go on with what they do, whatever they are told, until they are stopped.
type load struct {
	t       *testing.T
	clients []*client
	stop    func() // returns when all have stopped

	mu sync.Mutex
	// What was done, and what Latchkey said that it cannot do, since forget.
	done, unavailable map[deed]bool
}

// deed is what a client does, both by their index.
type deed struct{ client, action int }

func startLoad(t *testing.T, service scenario.Service) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l := &load{t: t, clients: make([]*client, len(actions))}
	l.forget()
	var running sync.WaitGroup
	for i := range l.clients {
		c := &client{Service: service}
		if err := c.arrive(ctx); err != nil {
			t.Fatal(err)
		}
		l.clients[i] = c
	}
	for who := range l.clients {
		running.Go(func() { l.run(ctx, who) })
	}
	l.stop = func() { cancel(); running.Wait() }
	t.Cleanup(l.stop)
	return l
}

// run has a client do one action after the other. Each begins with another one.
func (l *load) run(ctx context.Context, who int) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for n := who; ctx.Err() == nil; n++ {
		what := n % len(actions)
		// What has begun is brought to its end, so that its client knows what became of it.
		l.note(deed{who, what}, actions[what].do(l.clients[who], context.WithoutCancel(ctx)))
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// note takes down an answer: a right one, or that Latchkey cannot answer.
func (l *load) note(d deed, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.done[d] = true
	case refused(err, "unavailable"):
		l.unavailable[d] = true
	case errors.Is(err, errNothingToDo):
	default:
		l.t.Errorf("%s: %v", actions[d.action].name, err)
	}
}

func (l *load) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done, l.unavailable = map[deed]bool{}, map[deed]bool{}
}

// untilDone waits until every client has done everything, or only these actions, from now on.
func (l *load) untilDone(only ...string) {
	l.t.Helper()
	l.forget()
	for what, a := range actions {
		if len(only) > 0 && !slices.Contains(only, a.name) {
			continue
		}
		for who := range l.clients {
			eventually(l.t, "everybody can "+a.name, func() bool {
				l.mu.Lock()
				defer l.mu.Unlock()
				return l.done[deed{who, what}]
			})
		}
	}
}

// untilUnavailable waits until so many of the actions were refused to somebody from now on.
func (l *load) untilUnavailable(n int) {
	l.t.Helper()
	l.forget()
	eventually(l.t, "Latchkey says that it cannot answer", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		refused := map[int]bool{}
		for d := range l.unavailable {
			refused[d.action] = true
		}
		return len(refused) >= n
	})
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline, tick := time.NewTimer(patience), time.NewTicker(5*time.Millisecond)
	defer deadline.Stop()
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("after %v, it is not so that %s", patience, what)
		}
	}
}
