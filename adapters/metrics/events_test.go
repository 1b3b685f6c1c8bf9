package metrics_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/adapters/metrics"
	"github.com/latchkey-auth/latchkey/domain"
)

var signedIn = domain.Event{Kind: domain.EventSignedIn}

func TestEventsAreCounted(t *testing.T) {
	m := metrics.New()
	tells(t, m, `latchkey_sign_ins_total{outcome="failed"} 0`) // from the start: a rate misses the first step
	for _, kind := range []domain.EventKind{
		domain.EventSignedIn, domain.EventSignInFailed, domain.EventSignInFailed, domain.EventRefreshed, domain.EventRepeated,
		domain.EventRolledForward, domain.EventReused, domain.EventThrottled,
	} {
		m.Emit(t.Context(), domain.Event{Kind: kind})
	}
	tells(t, m,
		`latchkey_sign_ins_total{outcome="succeeded"} 1`, `latchkey_sign_ins_total{outcome="failed"} 2`,
		`latchkey_refreshes_total{outcome="rotated"} 1`, `latchkey_refreshes_total{outcome="repeated"} 1`,
		`latchkey_refreshes_total{outcome="rolled_forward"} 1`, `latchkey_refreshes_total{outcome="reused"} 1`,
		`latchkey_events_total{event="throttled"} 1`, `latchkey_events_total{event="registered"} 0`,
	)
}

// TestEveryKindOfEventIsCounted, whatever the domain comes to know.
func TestEveryKindOfEventIsCounted(t *testing.T) {
	for _, kind := range constants(t, "../../domain/event.go", "EventKind") {
		m := metrics.New()
		before := figures(m)
		m.Emit(t.Context(), domain.Event{Kind: domain.EventKind(kind)})
		if latchkeys(figures(m)) == latchkeys(before) {
			t.Errorf("%s is not counted", kind)
		}
	}
}

// TestEveryReasonIsCounted for which a session may end.
func TestEveryReasonIsCounted(t *testing.T) {
	for _, reason := range constants(t, "../../domain/session.go", "EndReason") {
		m := metrics.New()
		sessions := m.Sessions(memory.NewSessions(now))
		s := domain.NewSession(domain.User{ID: "u"}, domain.Client{}, now(), policy)
		must(t, sessions.Create(t.Context(), s))
		s.Version = 1
		must(t, sessions.Update(t.Context(), s.End(domain.EndReason(reason), now())))
		tells(t, m, "latchkey_sessions_started_total 1", `latchkey_sessions_ended_total{reason="`+reason+`"} 1`)
	}
}

// latchkeys is the figures but those of Go and the process.
func latchkeys(figures string) (all string) {
	for line := range strings.Lines(figures) {
		if strings.HasPrefix(line, "latchkey_") {
			all += line
		}
	}
	return all
}

// constants is the values of all constants of a type in a file.
func constants(t *testing.T, path, typ string) (values []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	must(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		name, _ := spec.Type.(*ast.Ident)
		if name == nil || name.Name != typ {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		must(t, err)
		values = append(values, value)
		return true
	})
	if len(values) < 5 {
		t.Fatalf("%s has only %q of type %s", path, values, typ)
	}
	return values
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
