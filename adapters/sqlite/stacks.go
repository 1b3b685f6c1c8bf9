package sqlite

import "github.com/latchkey-auth/latchkey/ports"

// stacks are goroutines that lend out their stacks. SQLite, translated from C, needs more than 8 KiB of one, and Go
// gives the double then, which a thousand requests would each keep while they wait for something else.
type stacks chan func()

func newStacks(n int) stacks {
	s := make(stacks)
	for range n {
		go func() {
			for work := range s {
				work()
			}
		}()
	}
	return s
}

// run returns when the work is done. A panic is the caller's.
func (s stacks) run(work func() error) (err error) {
	var panicked any
	done := make(chan struct{})
	s <- func() {
		defer close(done)
		defer func() {
			if cause := recover(); cause != nil {
				panicked = ports.PanicOf(cause)
			}
		}()
		err = work()
	}
	<-done
	if panicked != nil {
		panic(panicked)
	}
	return err
}

// close ends the goroutines. Nothing may be run afterwards.
func (s stacks) close() { close(s) }
