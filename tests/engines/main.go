package engines

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
)

var (
	running bool // whether Main was called

	endsMu sync.Mutex
	ends   []func() error
)

// Main runs the tests of a package and ends the engines that they started, also when tests failed:
//
//	func TestMain(m *testing.M) { engines.Main(m) }
func Main(m *testing.M) {
	running = true
	code := m.Run()
	endsMu.Lock()
	defer endsMu.Unlock()
	for _, end := range slices.Backward(ends) {
		if err := end(); err != nil {
			fmt.Fprintln(os.Stderr, "ending an engine:", err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// atEnd has Main call end when the tests are over, the last one registered first.
func atEnd(end func() error) {
	endsMu.Lock()
	defer endsMu.Unlock()
	ends = append(ends, end)
}
