// Package engines finds the databases that tests run on: at an address that the environment names, in a container, or
// in a process of what is installed.
//
// A test that asks for an engine is skipped where there is none, and the skip says what was missing.
// LATCHKEY_TEST_REQUIRE=containers turns every skip, and every fallback from containers to anything else, into a
// failure; LATCHKEY_TEST_REQUIRE=processes does the same for engines that are started without Docker. What comes in one
// way only, such as a Redis Cluster, is a process whatever is required, and a failure where it cannot be.
//
// Each engine is started once in a test process, by the first test that asks for it, and ended by Main.
package engines

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"
)

// startTimeout bounds how long an engine may take to start.
const startTimeout = 2 * time.Minute

// kind is what sort of way to an engine it is, as LATCHKEY_TEST_REQUIRE names it.
type kind string

const (
	address   kind = "address"
	container kind = "containers"
	process   kind = "processes"
)

// way is one way to come by an engine. Where something that it needs is not there, start answers an errMissing, and the
// next way is tried; any other error fails the test. What start starts, it registers with atEnd.
type way struct {
	kind  kind
	start func(ctx context.Context) (url string, err error)
}

// engine is a database that tests run on.
type engine struct {
	name string
	ways []way // in the order in which they are tried

	once    sync.Once
	url     string
	err     error
	missing error // why there is none
}

// find is the address of the engine. It skips the test where there is none.
func (e *engine) find(t testing.TB) string {
	t.Helper()
	if !running {
		t.Fatal("TestMain of this package has to call engines.Main, which ends the engines")
	}
	e.once.Do(e.start)
	if e.err != nil {
		t.Fatalf("%s: %v", e.name, e.err)
	}
	if e.missing != nil {
		t.Skipf("there is no %s: %v", e.name, e.missing)
	}
	return e.url
}

func (e *engine) start() {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	required := kind(os.Getenv("LATCHKEY_TEST_REQUIRE"))
	e.url, e.missing, e.err = firstOf(ctx, e.ways, required)
	if required != "" && e.missing != nil {
		e.err = fmt.Errorf("LATCHKEY_TEST_REQUIRE is %q: %w", required, e.missing)
	}
}

// firstOf goes the first way that leads to an engine: of those of the required kind, where the engine has any.
func firstOf(ctx context.Context, ways []way, required kind) (url string, missing, err error) {
	other := func(w way) bool { return w.kind != required }
	if !slices.ContainsFunc(ways, func(w way) bool { return !other(w) }) {
		other = func(way) bool { return false }
	}
	var lacks []error
	for _, way := range slices.DeleteFunc(slices.Clone(ways), other) {
		url, err := way.start(ctx)
		if err == nil {
			return url, nil, nil
		}
		if _, ok := errors.AsType[errMissing](err); !ok {
			return "", nil, err
		}
		lacks = append(lacks, err)
	}
	return "", errors.Join(append(lacks, errNone)...), nil
}

var errNone = errors.New("there is no other way to one")

// errMissing says what a way to an engine would need and is not there.
type errMissing string

// Error implements error.
func (e errMissing) Error() string { return string(e) }

// missingf is an errMissing.
func missingf(format string, args ...any) error { return errMissing(fmt.Sprintf(format, args...)) }

// atAddress is the way to an engine that runs already, at the address that the variable holds.
func atAddress(variable string) way {
	return way{address, func(context.Context) (string, error) {
		if url := os.Getenv(variable); url != "" {
			return url, nil
		}
		return "", missingf("%s is not set", variable)
	}}
}
