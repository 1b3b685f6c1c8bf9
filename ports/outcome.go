package ports

import (
	"context"
	"errors"

	"github.com/latchkey-auth/latchkey/domain"
)

// Outcome is how an operation of a store ended, for those who count or trace it.
type Outcome int

// The outcomes. All but the last two are answers: only OutcomeUnavailable and OutcomeFailed are a store's own fault.
const (
	OutcomeOK          Outcome = iota
	OutcomeNotFound            // ErrNotFound
	OutcomeStale               // ErrStale
	OutcomeTaken               // domain.UserExists
	OutcomeCanceled            // whoever asked has left
	OutcomeUnavailable         // ErrUnavailable
	OutcomeFailed              // anything else, such as a damaged value
)

// Outcomes is all outcomes.
var Outcomes = [...]Outcome{
	OutcomeOK, OutcomeNotFound, OutcomeStale, OutcomeTaken, OutcomeCanceled, OutcomeUnavailable, OutcomeFailed,
}

// OutcomeOf is the outcome that an error of a store stands for.
func OutcomeOf(err error) Outcome {
	switch {
	case err == nil:
		return OutcomeOK
	case errors.Is(err, ErrNotFound):
		return OutcomeNotFound
	case errors.Is(err, ErrStale):
		return OutcomeStale
	case errors.Is(err, context.Canceled):
		return OutcomeCanceled
	case errors.Is(err, ErrUnavailable):
		return OutcomeUnavailable
	case errors.Is(err, &domain.Error{Code: domain.CodeUserExists}):
		return OutcomeTaken
	}
	return OutcomeFailed
}

// String is the outcome in a word.
func (o Outcome) String() string {
	return [...]string{"ok", "not_found", "stale", "taken", "canceled", "unavailable", "failed"}[o]
}

// Fault reports whether the store is to blame.
func (o Outcome) Fault() bool { return o == OutcomeUnavailable || o == OutcomeFailed }
