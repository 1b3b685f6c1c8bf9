package porttest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/latchkey-auth/latchkey/ports"
)

// Histories are short and many: what is wrong shows within a few calls, and the time to check one grows with its length.
const (
	historyClients  = 4
	historyPatience = 20 * time.Second
)

// plan is how many histories there are, how many calls of each client one has, and whether contexts end meanwhile.
type plan struct {
	rounds, calls int
	ending        bool
}

// Where contexts end, what may have happened doubles with each: those histories are shorter, and there are more of them.
var (
	certain   = plan{rounds: 25, calls: 8}
	uncertain = plan{rounds: 60, calls: 6, ending: true}
)

// call is something that a client asks of a store. It is a comparable value that prints as what it asks.
type call interface {
	// part names what the call is about: the histories of different parts are checked apart.
	part() string
	writes() bool
}

// answer is what a client was told: a comparable value that prints as what it says, or an error.
type answer struct {
	value any
	err   error
}

// unknown reports whether the answer leaves open if what was asked has happened.
func (a answer) unknown() bool { return errors.Is(a.err, ports.ErrUnavailable) }

// String is the answer as it is shown in a history.
func (a answer) String() string {
	switch {
	case a.err != nil:
		return a.err.Error()
	case a.value == nil:
		return "done"
	}
	return fmt.Sprint(a.value)
}

// machine is a plain sequential store: what may follow when a call is made in a state.
type machine[S comparable] func(state S, c call, a answer) (next S, legal bool)

// model is the machine as porcupine takes it.
func (m machine[S]) model() porcupine.Model {
	return porcupine.Model{
		Partition: byPart,
		Init:      func() any { var empty S; return empty },
		Step: func(state, input, output any) (bool, any) {
			next, legal := m(state.(S), input.(call), output.(answer))
			return legal, next
		},
	}
}

func byPart(history []porcupine.Operation) [][]porcupine.Operation {
	parts := map[string][]porcupine.Operation{}
	for _, op := range history {
		name := op.Input.(call).part()
		parts[name] = append(parts[name], op)
	}
	var all [][]porcupine.Operation
	for _, part := range parts {
		all = append(all, part)
	}
	return all
}

// history records what clients asked at once and what they were answered, with when each call began and returned.
type history struct {
	time atomic.Int64

	mu         sync.Mutex
	operations []porcupine.Operation
	interrupts []context.CancelFunc
}

// do makes a call and records it. What has perhaps happened is recorded as going on for ever: it may take effect at any
// time, after all that was seen too.
func (h *history) do(client int, c call, ask func() answer) answer {
	runtime.Gosched() // lets clients take turns where the store never makes them wait
	begun := h.time.Add(1)
	a := ask()
	returned := h.time.Add(1)
	if a.unknown() {
		if !c.writes() {
			return a
		}
		returned = math.MaxInt64
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, porcupine.Operation{ClientId: client, Input: c, Call: begun, Output: a, Return: returned})
	return a
}

// interrupt ends the contexts of the calls that others are making.
func (h *history) interrupt() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, cancel := range h.interrupts {
		cancel()
	}
	h.interrupts = nil
}

// endingContext is a context that ends while it is in use: when it has been looked at so many times, or when another
// client makes its next call.
func (h *history) endingContext(parent context.Context, looks int64) context.Context {
	ctx, cancel := context.WithCancel(parent)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.interrupts = append(h.interrupts, cancel)
	ending := &ending{Context: ctx, cancel: cancel}
	ending.looks.Store(looks)
	return ending
}

type ending struct {
	context.Context
	cancel context.CancelFunc
	looks  atomic.Int64
}

func (e *ending) look() {
	if e.looks.Add(-1) < 0 {
		e.cancel()
	}
}

// Done implements context.Context.
func (e *ending) Done() <-chan struct{} {
	e.look()
	return e.Context.Done()
}

// Err implements context.Context.
func (e *ending) Err() error {
	e.look()
	return e.Context.Err()
}

// wantLinearizable wants an order of the calls, each between its beginning and its return, in which a plain sequential
// store gives the same answers.
func wantLinearizable[S comparable](t *testing.T, h *history, m machine[S]) {
	t.Helper()
	switch porcupine.CheckOperationsTimeout(m.model(), h.operations, historyPatience) {
	case porcupine.Illegal:
		t.Fatalf("no order of these calls explains their answers:\n%s", h)
	case porcupine.Unknown:
		t.Fatalf("unknown whether this history is linearizable: it was not checked within %v:\n%s", historyPatience, h)
	}
}

// String shows the history, a call a line, in the order in which they began.
func (h *history) String() string {
	byBeginning := func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) }
	var lines strings.Builder
	for _, op := range slices.SortedFunc(slices.Values(h.operations), byBeginning) {
		until := fmt.Sprint(op.Return)
		if op.Return == math.MaxInt64 {
			until = "…"
		}
		fmt.Fprintf(&lines, "%s: client %d, %d to %s: %v: %v\n", op.Input.(call).part(), op.ClientId, op.Call, until, op.Input, op.Output)
	}
	return lines.String()
}

// client is one of those who use a store at once. Its choices are chance, but the same in every run.
type client struct {
	*rand.Rand
	*history
	id     int
	ending bool // whether some of its contexts end meanwhile
}

// context is that of the client's next call, before which it ends those of others.
func (c client) context(t *testing.T) context.Context {
	c.interrupt()
	if c.ending && c.IntN(3) == 0 {
		return c.endingContext(t.Context(), c.Int64N(5))
	}
	return t.Context()
}

// atOnce has clients make calls at once, each by its own act.
func (h *history) atOnce(round int, p plan, newClient func(c client) (act func())) {
	together(historyClients, func(id int) struct{} {
		act := newClient(client{rand.New(rand.NewPCG(uint64(round), uint64(id))), h, id, p.ending})
		for range p.calls {
			act()
		}
		return struct{}{}
	})
}
