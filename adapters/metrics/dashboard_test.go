package metrics_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/world"
)

// board is what a dashboard of Grafana's is made of, as far as it matters here.
type board struct {
	Title, UID string
	Panels     []struct {
		ID                       int
		Type, Title, Description string
		GridPos                  struct{ X, Y, W, H int }
		Targets                  []struct{ Expr string }
	}
	Templating struct {
		List []struct{ Name, Definition string }
	}
}

// series is the labels of each metric that is told, and the values of each label.
type series map[string]map[string][]string

var (
	sample   = regexp.MustCompile(`(?m)^([a-z_]+)(?:\{(.*)\})? \S+$`)
	label    = regexp.MustCompile(`(\w+)="([^"]*)"`)
	metric   = regexp.MustCompile(`\b(?:latchkey|go|process)_\w+`)
	selector = regexp.MustCompile(`\b((?:latchkey|go|process)_\w+)\{([^}]*)\}`)
	matcher  = regexp.MustCompile(`(\w+)(=~|=)"([^"]*)"`)
	grouping = regexp.MustCompile(`by \(([^)]*)\)`)
)

func parse(told string) series {
	all := series{}
	for _, line := range sample.FindAllStringSubmatch(told, -1) {
		labels := all[line[1]]
		if labels == nil {
			labels = map[string][]string{"instance": nil} // which Prometheus adds
			all[line[1]] = labels
		}
		for _, pair := range label.FindAllStringSubmatch(line[2], -1) {
			labels[pair[1]] = append(labels[pair[1]], pair[2])
		}
	}
	return all
}

// TestTheDashboardShowsWhatThereIs: every metric and label that it asks for is told by the service, and it leaves out none.
func TestTheDashboardShowsWhatThereIs(t *testing.T) {
	told := parse(live(t, nil))
	shown := map[string]bool{}
	for _, query := range queries(t, read(t)) {
		if !balanced(query) {
			t.Errorf("%s has parentheses that do not fit", query)
		}
		for _, name := range metric.FindAllString(query, -1) {
			shown[name] = true
			if told[name] == nil && !(runtime.GOOS != "linux" && strings.HasPrefix(name, "process_")) {
				t.Errorf("%s: there is no %s", query, name)
			}
		}
		for _, wrong := range wrongLabels(told, query) {
			t.Errorf("%s: there is no %s", query, wrong)
		}
	}
	for name := range told {
		family := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
		if strings.HasPrefix(name, "latchkey_") && !slices.ContainsFunc(slices.Collect(maps.Keys(shown)), func(s string) bool { return strings.HasPrefix(s, family) }) {
			t.Errorf("%s is not shown", name)
		}
	}
}

// wrongLabels is what a query selects or groups by, and what its metrics do not have.
func wrongLabels(told series, query string) (wrong []string) {
	for _, s := range selector.FindAllStringSubmatch(query, -1) {
		for _, m := range matcher.FindAllStringSubmatch(s[2], -1) {
			values, known := told[s[1]][m[1]]
			if told[s[1]] != nil && !known {
				wrong = append(wrong, s[1]+" with a label "+m[1])
			}
			for value := range strings.SplitSeq(m[3], "|") {
				if regexp.MustCompile(`^\w+$`).MatchString(value) && !slices.Contains(values, value) {
					wrong = append(wrong, m[1]+" of "+value)
				}
			}
		}
	}
	for _, g := range grouping.FindAllStringSubmatch(query, -1) {
		for name := range strings.SplitSeq(g[1], ", ") {
			if _, known := told[metric.FindString(query)][name]; !known {
				wrong = append(wrong, metric.FindString(query)+" by "+name)
			}
		}
	}
	return wrong
}

func TestWrongQueriesAreFound(t *testing.T) {
	told := parse("latchkey_x_total{outcome=\"good\"} 1\n")
	for query, wrong := range map[string]int{
		`sum by (outcome) (rate(latchkey_x_total{instance=~"$instance", outcome="good"}[5m]))`: 0,
		`latchkey_x_total{outcome=~"good|bad"}`:                                                1,
		`latchkey_x_total{status="200"}`:                                                       2,
		`sum by (outcome, route) (latchkey_x_total)`:                                           1,
	} {
		if got := wrongLabels(told, query); len(got) != wrong {
			t.Errorf("%s: %q", query, got)
		}
	}
}

// TestTheDashboardCanBeRead: each panel says what it is, and none covers another.
func TestTheDashboardCanBeRead(t *testing.T) {
	ids, taken := map[int]bool{}, map[[2]int]string{}
	for _, p := range read(t).Panels {
		if p.Title == "" || ids[p.ID] || p.Type != "row" && (p.Description == "" || len(p.Targets) == 0) {
			t.Errorf("panel %d, %q, is one of two, or says too little", p.ID, p.Title)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("%s is over %q, or over the edge", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}

// read is the dashboard as the operator's listener answers it.
func read(t *testing.T) (b board) {
	t.Helper()
	must(t, json.Unmarshal([]byte(page(world.Open(t), "/dashboard.json")), &b))
	if b.Title == "" || b.UID == "" || len(b.Panels) < 10 {
		t.Fatalf("the dashboard is %+v", b)
	}
	return b
}

// queries is everything that the dashboard asks Prometheus.
func queries(t *testing.T, b board) (all []string) {
	t.Helper()
	for _, variable := range b.Templating.List {
		all = append(all, variable.Definition)
	}
	for _, p := range b.Panels {
		for _, target := range p.Targets {
			all = append(all, target.Expr)
		}
	}
	return all
}

func balanced(query string) bool {
	var open []rune
	for _, r := range query {
		switch closes := map[rune]rune{')': '(', ']': '[', '}': '{'}[r]; {
		case strings.ContainsRune("([{", r):
			open = append(open, r)
		case closes == 0:
		case len(open) == 0 || open[len(open)-1] != closes:
			return false
		default:
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}
