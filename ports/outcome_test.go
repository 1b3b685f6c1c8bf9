package ports_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func TestOutcomes(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []struct {
		err   error
		want  string
		fault bool
	}{
		{nil, "ok", false},
		{ports.ErrNotFound, "not_found", false},
		{ports.ErrStale, "stale", false},
		{domain.UserExists("email"), "taken", false},
		{ports.Unavailable(context.Canceled), "canceled", false},
		{ports.Unavailable(context.DeadlineExceeded), "unavailable", true},
		{ports.ErrUnavailable, "unavailable", true},
		{errors.New("damaged"), "failed", true},
		{domain.ErrTokenInvalid, "failed", true},
	} {
		err := c.err
		if err != nil {
			err = fmt.Errorf("wrapped: %w", err)
		}
		got := ports.OutcomeOf(err)
		if got.String() != c.want || got.Fault() != c.fault {
			t.Errorf("%v: %s, a fault %t; want %s, %t", err, got, got.Fault(), c.want, c.fault)
		}
		seen[got.String()] = true
	}
	for i, o := range ports.Outcomes {
		if int(o) != i || !seen[o.String()] {
			t.Errorf("outcome %d is %d, %s", i, int(o), o)
		}
	}
}
