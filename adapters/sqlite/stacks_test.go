package sqlite

import (
	"errors"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/latchkey-auth/latchkey/ports"
)

func TestWorkIsDoneOnAnotherStack(t *testing.T) {
	s := newStacks(1)
	defer s.close()
	failure := errors.New("failed")
	if err := s.run(func() error { return failure }); !errors.Is(err, failure) {
		t.Errorf("answered %v, want what the work answered", err)
	}
	if err := s.run(func() error { return nil }); err != nil {
		t.Errorf("answered %v after work that had failed", err)
	}
}

// The stack is lent out again afterwards.
func TestPanicOnAnotherStackIsTheCallers(t *testing.T) {
	s := newStacks(1)
	defer s.close()
	for range 2 {
		func() {
			defer func() {
				cause, ok := recover().(ports.Panic)
				if !ok || !strings.Contains(cause.String(), "stacks_test.go") || strings.Contains(cause.String(), "a secret") {
					t.Errorf("panicked with %v, want where, and not with what", cause)
				}
			}()
			_ = s.run(func() error { panic("a secret") })
		}()
	}
}

func TestReadsBorrowAStackAndCloseEndsThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails where a goroutine is left
		r := &readers{idle: make(chan *conn, 1), stacks: newStacks(1), closed: make(chan struct{})}
		r.idle <- nil
		check(t, r.do(t.Context(), func(*conn) error {
			if stack := string(debug.Stack()); !strings.Contains(stack, "newStacks") {
				t.Errorf("read on the caller's stack:\n%s", stack)
			}
			return nil
		}))
		check(t, r.close())
	})
}
