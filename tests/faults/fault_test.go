package faults_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/tests/engines"
)

// fault is something that happens to an engine, or on the way to it, and passes.
type fault struct {
	name         string
	strike, pass func(t *testing.T, e *engines.Own, l *link)
	// refuses is how many of the actions have to be refused to somebody before the fault passes.
	refuses int
	// spares is the action that everybody can do all the while, "" for none.
	spares string
	// flickers: the engine can be reached in between, and /readyz may say so.
	flickers bool
}

var (
	killed = fault{
		name:    "the engine is killed and started again",
		strike:  func(t *testing.T, e *engines.Own, _ *link) { e.Kill(t) },
		pass:    func(t *testing.T, e *engines.Own, _ *link) { e.Start(t) },
		refuses: len(actions),
	}
	stopped = fault{
		name:    "the engine is stopped and goes on",
		strike:  func(t *testing.T, e *engines.Own, _ *link) { e.Stop(t) },
		pass:    func(t *testing.T, e *engines.Own, _ *link) { e.Continue(t) },
		refuses: len(actions),
	}
	cut = fault{
		name:    "the network is cut",
		strike:  func(_ *testing.T, _ *engines.Own, l *link) { l.cut() },
		pass:    func(t *testing.T, _ *engines.Own, l *link) { l.restore(t) },
		refuses: len(actions),
	}
)

var onTheWay = []fault{
	poisoned("nothing comes through", both("timeout", nil, all)...),
	poisoned("everything comes too late", both("latency", late, all)...),
	poisoned("connections are reset", both("reset_peer", nil, all)...),
	flickering(1, "on some connections, everything comes too late", both("latency", late, some)...),
	flickering(1, "on some connections, answers are lost", toxic{"timeout", "downstream", nil, some}),
	flickering(writes, "connections break in the middle of a request", toxic{"limit_data", "upstream", fewBytes, all}),
	flickering(writes, "connections break in the middle of an answer", toxic{"limit_data", "downstream", fewBytes, all}),
}

const (
	all  = 1.0
	some = 0.9 // of the few that there are, at least one
	// writes is how many actions have to be refused where connections break. Only those that write are: they cannot be
	// tried again unseen, as it is not known whether they were done. Few breaks meet one of them, so all would take long.
	writes = 2
)

var (
	late     = map[string]int{"latency": 1500} // ms: there and back, that is longer than a store may take
	fewBytes = map[string]int{"bytes": 1500}   // enough for a handshake, and not for much more
)

func both(kind string, attributes map[string]int, toxicity float32) []toxic {
	return []toxic{{kind, "upstream", attributes, toxicity}, {kind, "downstream", attributes, toxicity}}
}

func poisoned(name string, toxics ...toxic) fault {
	return fault{
		name:    name,
		refuses: len(actions),
		strike:  func(t *testing.T, _ *engines.Own, l *link) { l.poison(t, toxics...) },
		pass:    func(t *testing.T, _ *engines.Own, l *link) { l.cure(t) },
	}
}

func flickering(refuses int, name string, toxics ...toxic) fault {
	f := poisoned(name, toxics...)
	f.refuses, f.flickers = refuses, true
	return f
}
