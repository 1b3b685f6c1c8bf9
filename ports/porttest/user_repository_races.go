package porttest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var userRaceRules = []rule[users]{
	{"OneWinnerOfACompareAndSwap", userSwapHasOneWinner},
	{"LosersOfACompareAndSwapClaimNothing", userSwapLosersClaimNothing},
	{"CountingLosesNothing", userCountingLosesNothing},
	{"OneWinnerOfAnID", userIDHasOneWinner},
	{"UpdateNeverBringsBackTheDeleted", userUpdateAgainstDelete},
}

func userSwapHasOneWinner(t *testing.T, s users) {
	read := s.create(t, newUser("ann"))
	errs := together(crowd, func(i int) error {
		mine := read
		mine.Fullname = fmt.Sprint("winner ", i)
		return s.Update(t.Context(), mine)
	})
	want := read
	want.Fullname = fmt.Sprint("winner ", wantOneWinner(t, "Update with one version, at once", errs, ports.ErrStale))
	want.Version++
	s.wantStored(t, want)
}

func userSwapLosersClaimNothing(t *testing.T, s users) {
	read := s.create(t, newUser("ann"))
	const n = 32
	errs := together(n, func(i int) error { return s.Update(t.Context(), changed(read, fmt.Sprint("new", i))) })
	winner := wantOneWinner(t, "Update with one version and different names, at once", errs, ports.ErrStale)
	want := changed(read, fmt.Sprint("new", winner))
	want.Version++
	s.wantStored(t, want)
	for i := range n {
		if i != winner {
			s.wantFree(t, byEmail(fmt.Sprint("new", i)), byUsername(fmt.Sprint("new", i)))
		}
	}
}

func userCountingLosesNothing(t *testing.T, s users) {
	u := s.create(t, newUser("ann"))
	countTogether(t, func(ctx context.Context) error {
		u, err := s.ByID(ctx, u.ID)
		if err != nil {
			return err
		}
		runtime.Gosched() // for others to read the same
		u.CredentialsVersion++
		return s.Update(ctx, u)
	})
	u.CredentialsVersion += counted
	u.Version += counted
	s.wantStored(t, u)
}

// The counting rules: so many goroutines each count to so many.
const (
	counters = 20
	countsTo = 5
	counted  = counters * countsTo
)

// countTogether runs increments until each has happened. One may only be stale because another happened,
// so none is refused more often than there are increments.
func countTogether(t *testing.T, increment func(ctx context.Context) error) {
	t.Helper()
	errs := together(counters, func(int) error {
		refused := 0
		for done := 0; done < countsTo; {
			err := increment(t.Context())
			switch {
			case err == nil:
				done++
			case !errors.Is(err, ports.ErrStale):
				return err
			default:
				refused++
			}
			if refused > counted {
				return fmt.Errorf("refused %d times by ErrStale, though only %d writes happen", refused, counted)
			}
		}
		return nil
	})
	for _, err := range errs {
		wantNoError(t, "counting by compare-and-swap", err)
	}
}

func userIDHasOneWinner(t *testing.T, s users) {
	id := domain.NewUserID(birth)
	const n = 32
	errs := together(n, func(i int) error {
		u := newUser(fmt.Sprint("user", i))
		u.ID = id
		return s.Create(t.Context(), u)
	})
	winner := wantOneWinner(t, "Create with one id, at once", errs, domain.UserExists())
	want := newUser(fmt.Sprint("user", winner))
	want.ID, want.Version = id, 1
	s.wantStored(t, want)
	for i, err := range errs {
		if i != winner {
			wantTaken(t, "Create with one id, at once", err, "_id")
			s.wantFree(t, byEmail(fmt.Sprint("user", i)), byUsername(fmt.Sprint("user", i)))
		}
	}
}

func userUpdateAgainstDelete(t *testing.T, s users) {
	const n = 16
	var all [n]domain.User
	for i := range all {
		all[i] = s.create(t, newUser(fmt.Sprint("old", i)))
	}
	errs := together(2*n, func(i int) error {
		if i%2 == 0 {
			return s.Delete(t.Context(), all[i/2].ID)
		}
		return s.Update(t.Context(), changed(all[i/2], fmt.Sprint("new", i/2)))
	})
	outcomes(t, "Update and Delete at once", errs, ports.ErrNotFound)
	for i, u := range all {
		before, after := fmt.Sprint("old", i), fmt.Sprint("new", i)
		s.wantNobody(t, u.ID, byEmail(before), byUsername(before), byEmail(after), byUsername(after))
		s.wantFree(t, byEmail(before), byUsername(before), byEmail(after), byUsername(after))
	}
}
