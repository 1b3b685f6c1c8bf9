package faults_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/tests/engines"
)

// fault is something that happens to an engine, or on the way to it, and passes.
type fault struct {
	name         string
	strike, pass func(t *testing.T, e *engines.Own, l *link)
	// flickers: the engine can be reached in between, so that /readyz may say so.
	flickers bool
}

var faults = []fault{
	{
		name:   "the engine is killed and started again",
		strike: func(t *testing.T, e *engines.Own, _ *link) { e.Kill(t) },
		pass:   func(t *testing.T, e *engines.Own, _ *link) { e.Start(t) },
	},
	{
		name:   "the engine is stopped and goes on",
		strike: func(t *testing.T, e *engines.Own, _ *link) { e.Stop(t) },
		pass:   func(t *testing.T, e *engines.Own, _ *link) { e.Continue(t) },
	},
	{
		name:   "the network is cut",
		strike: func(_ *testing.T, _ *engines.Own, l *link) { l.cut() },
		pass:   func(t *testing.T, _ *engines.Own, l *link) { l.restore(t) },
	},
	onTheWay("nothing comes through", both("timeout", nil, all)...),
	onTheWay("everything comes too late", both("latency", late, all)...),
	onTheWay("connections are reset", both("reset_peer", nil, all)...),
	flickering("on some connections, everything comes too late", both("latency", late, some)...),
	flickering("on some connections, answers are lost", toxic{"timeout", "downstream", nil, some}),
	flickering("connections break in the middle of a request", toxic{"limit_data", "upstream", fewBytes, all}),
	flickering("connections break in the middle of an answer", toxic{"limit_data", "downstream", fewBytes, all}),
}

const (
	all  = 1.0
	some = 0.5
)

var (
	late     = map[string]int{"latency": 1500} // ms, which is longer than a store may take
	fewBytes = map[string]int{"bytes": 1500}   // enough for a handshake, and not for much more
)

func both(kind string, attributes map[string]int, toxicity float32) []toxic {
	return []toxic{{kind, "upstream", attributes, toxicity}, {kind, "downstream", attributes, toxicity}}
}

func onTheWay(name string, toxics ...toxic) fault {
	return fault{
		name:   name,
		strike: func(t *testing.T, _ *engines.Own, l *link) { l.poison(t, toxics...) },
		pass:   func(t *testing.T, _ *engines.Own, l *link) { l.cure(t) },
	}
}

func flickering(name string, toxics ...toxic) fault {
	f := onTheWay(name, toxics...)
	f.flickers = true
	return f
}
