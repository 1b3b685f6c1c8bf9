package ports

import (
	"fmt"
	"runtime/debug"
)

// Panic is what an adapter panics with that had a caller's work done by another goroutine, in which that panicked.
// It says where, and of what was panicked with, which may hold a secret, the type alone.
type Panic struct{ text string }

// PanicOf is the Panic for what was recovered. It is called by the deferred function that did so.
func PanicOf(recovered any) Panic {
	return Panic{fmt.Sprintf("panic of type %T\n%s", recovered, debug.Stack())}
}

// String is the type, and the stack of the goroutine that panicked.
func (p Panic) String() string { return p.text }
