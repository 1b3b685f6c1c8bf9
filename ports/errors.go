// Package ports holds the interfaces that the use cases need, each method's comment being its contract.
// The suites of ports/porttest prove that an implementation keeps them.
package ports

import (
	"errors"

	"github.com/latchkey-auth/latchkey/domain"
)

// What a store answers when it does not do what it was asked. Test for them with errors.Is.
var (
	// ErrNotFound: there is no such user or session.
	ErrNotFound = errors.New("not found")
	// ErrStale: the value was written by somebody else since it was read, so this write did not happen.
	ErrStale = errors.New("stale version")
	// ErrUnavailable: the engine did not answer, or not before the context ended.
	ErrUnavailable error = domain.ErrUnavailable
)

// Unavailable is ErrUnavailable, wrapping what went wrong in the engine.
func Unavailable(cause error) error { return unavailable{cause} }

type unavailable struct{ cause error }

func (e unavailable) Error() string   { return "unavailable: " + e.cause.Error() }
func (e unavailable) Unwrap() []error { return []error{ErrUnavailable, e.cause} }
