// Package mutants proves the suites of porttest. Each mutant is a store with one fault, and has to be caught by the rules
// that it breaks; a rule without a mutant has proved nothing, and fails the test.
//
// How a rule catches one is seen by
//
//	go test ./ports/porttest/mutants -run TestUsers/Create -mutant 'loses Fullname'
package mutants

import (
	"flag"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/adapters/throttle"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

// The suites fail by failing their test, so each mutant meets its suite in a process of its own.
var chosen = flag.String("mutant", "", "the fault of the `mutant` that the suites run on, rather than on a store without")

// mutant is a store with a fault. The rules, as "Theme/Rule", are those that have to catch it.
type mutant[S any] struct {
	fault string
	rules []string
	open  S
}

// by makes a mutant that the rules have to catch, which are separated by blanks.
func by[S any](rules, fault string, open S) mutant[S] {
	return mutant[S]{fault, strings.Fields(rules), open}
}

// The ways in which the suites open stores.
type (
	openUsers    func() ports.UserRepository
	openSessions func(now func() time.Time) ports.TokenStore
	openThrottle func(limit int, per time.Duration, now func() time.Time) ports.Throttle
)

func healthyUsers() ports.UserRepository { return memory.NewUsers() }

func healthySessions(now func() time.Time) ports.TokenStore { return memory.NewSessions(now) }

func healthyThrottle(limit int, per time.Duration, now func() time.Time) ports.Throttle {
	return throttle.NewMemory(throttle.Limit{Count: limit, Per: per}, now)
}

// theChosen is the mutant of that name, or the healthy store where it is none of these.
func theChosen[S any](mutants []mutant[S], healthy S) S {
	for _, m := range mutants {
		if m.fault == *chosen {
			return m.open
		}
	}
	return healthy
}

func TestUsers(t *testing.T) {
	open := theChosen(usersMutants(), healthyUsers)
	porttest.TestUserRepository(t, func(*testing.T) ports.UserRepository { return open() })
}

func TestSessions(t *testing.T) {
	open := theChosen(sessionsMutants(), healthySessions)
	porttest.TestTokenStore(t, func(_ *testing.T, now func() time.Time) ports.TokenStore { return open(now) })
}

func TestThrottle(t *testing.T) {
	open := theChosen(throttleMutants(), healthyThrottle)
	porttest.TestThrottle(t, func(_ *testing.T, limit int, per time.Duration, now func() time.Time) ports.Throttle {
		return open(limit, per, now)
	})
}

func TestEventSink(t *testing.T) {
	open := theChosen(sinkMutants(), healthySink)
	porttest.TestEventSink(t, func(*testing.T) (ports.EventSink, func() []domain.Event) { return open() })
}

func TestBreachedPasswords(t *testing.T) {
	open := theChosen(breachedMutants(), healthyBreached)
	porttest.TestBreachedPasswords(t,
		func(_ *testing.T, leaked []string) ports.BreachedPasswords { return open(leaked, false) },
		func(*testing.T) ports.BreachedPasswords { return open(nil, true) })
}

func TestEveryUsersMutantIsCaught(t *testing.T) { wantCaught(t, "TestUsers", usersMutants()) }

func TestEverySessionsMutantIsCaught(t *testing.T) { wantCaught(t, "TestSessions", sessionsMutants()) }

func TestEveryThrottleMutantIsCaught(t *testing.T) { wantCaught(t, "TestThrottle", throttleMutants()) }

func TestEveryEventSinkMutantIsCaught(t *testing.T) { wantCaught(t, "TestEventSink", sinkMutants()) }

func TestEveryBreachedPasswordsMutantIsCaught(t *testing.T) {
	wantCaught(t, "TestBreachedPasswords", breachedMutants())
}

// wantCaught wants each mutant to fail the rules that it names, every rule to be named, and all of them kept by the
// healthy store.
func wantCaught[S any](t *testing.T, suite string, mutants []mutant[S]) {
	if *chosen != "" {
		t.Skip("a single mutant was chosen")
	}
	_, kept := results(t, run(t, suite, "", ".*", ".*"), suite)
	proved := map[string]bool{}
	for _, m := range mutants {
		for _, rule := range m.rules {
			proved[rule] = true
			if !slices.Contains(kept, rule) {
				t.Errorf("the healthy store keeps no rule %s, which is to catch %q", rule, m.fault)
			}
		}
		t.Run(m.fault, func(t *testing.T) {
			t.Parallel()
			wantFailed(t, suite, m.fault, m.rules)
		})
	}
	for _, rule := range kept {
		if !proved[rule] {
			t.Errorf("%s has no mutant", rule)
		}
	}
	if len(slices.Collect(maps.Keys(proved))) == 0 {
		t.Error("there are no rules")
	}
}

// wantFailed runs the rules on the mutant, and wants each to fail by its own judgement.
func wantFailed(t *testing.T, suite, fault string, rules []string) {
	t.Helper()
	var themes, names []string
	for _, rule := range rules {
		theme, name, _ := strings.Cut(rule, "/")
		themes, names = append(themes, theme), append(names, name)
	}
	output := run(t, suite, fault, strings.Join(themes, "|"), strings.Join(names, "|"))
	failed, _ := results(t, output, suite)
	for _, rule := range rules {
		if !slices.Contains(failed, rule) {
			t.Errorf("%s did not catch it:\n%s", rule, output)
		}
	}
	for _, crash := range []string{"panic: ", "DATA RACE", "fatal error: "} {
		if strings.Contains(output, crash) {
			t.Errorf("it was no rule that caught it:\n%s", output)
		}
	}
}

// run runs the rules of a suite in a process of their own, and answers what it printed.
func run(t *testing.T, suite, fault, themes, rules string) (output string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pattern := "^" + suite + "$/^(" + themes + ")$/^(" + rules + ")$"
	cmd := exec.CommandContext(t.Context(), self, "-test.v", "-test.timeout=2m", "-test.run="+pattern, "-mutant="+fault)
	printed, err := cmd.CombinedOutput()
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		t.Fatal(err)
	}
	return string(printed)
}

var result = regexp.MustCompile(`(?m)^ +--- (PASS|FAIL): (\w+)/(\w+/\w+) `)

// results is which rules of the suite failed and which were kept.
func results(t *testing.T, output, suite string) (failed, kept []string) {
	t.Helper()
	for _, match := range result.FindAllStringSubmatch(output, -1) {
		switch outcome, of, rule := match[1], match[2], match[3]; {
		case of != suite:
			t.Errorf("%s ran beside %s", of, suite)
		case outcome == "FAIL":
			failed = append(failed, rule)
		default:
			kept = append(kept, rule)
		}
	}
	return failed, kept
}
