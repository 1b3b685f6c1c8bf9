// Package porttest proves implementations of the ports. Each exported suite checks one port against the contract in
// the comments of package ports, every rule of it as a subtest of its own, so that what fails says what is broken.
//
// A store of one's own is proved by a test that hands a suite a function which opens new, empty stores:
//
//	func TestUsers(t *testing.T) {
//		porttest.TestUserRepository(t, func(t *testing.T) ports.UserRepository { return mystore.Open(t.TempDir()) })
//	}
package porttest

import (
	"sync"
	"testing"
)

// rule is one promise of a contract. Its name is that of the subtest, and stays as it is: others refer to it.
type rule[S any] struct {
	name  string
	holds func(t *testing.T, store S)
}

// theme is a group of rules.
type theme[S any] struct {
	name  string
	rules []rule[S]
}

// prove checks every rule on an empty store of its own.
func prove[S any](t *testing.T, open func(t *testing.T) S, themes []theme[S]) {
	for _, theme := range themes {
		t.Run(theme.name, func(t *testing.T) {
			for _, rule := range theme.rules {
				t.Run(rule.name, func(t *testing.T) { rule.holds(t, open(t)) })
			}
		})
	}
}

// crowd is how many goroutines compete where only one may win.
const crowd = 100

// together runs do n times at once, held back until all are ready, and answers what each returned.
func together[T any](n int, do func(i int) T) []T {
	results := make([]T, n)
	start := make(chan struct{})
	var running sync.WaitGroup
	for i := range n {
		running.Go(func() {
			<-start
			results[i] = do(i)
		})
	}
	close(start)
	running.Wait()
	return results
}
