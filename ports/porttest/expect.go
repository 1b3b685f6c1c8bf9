package porttest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// wantNoError stops the rule when a step of it fails.
func wantNoError(t *testing.T, step string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: got the error %v, want none", step, err)
	}
}

// wantError reports a step that did not fail as the contract says.
func wantError(t *testing.T, step string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got the error %v, want %v", step, got, want)
	}
}

// wantTaken reports an error that is not domain.UserExists, or that blames other fields than those that are taken.
func wantTaken(t *testing.T, step string, err error, taken ...string) {
	t.Helper()
	blamed, ok := takenFields(err)
	if !ok {
		t.Errorf("%s: got the error %v, want domain.UserExists", step, err)
		return
	}
	if len(blamed) == 0 {
		t.Errorf("%s: domain.UserExists names no field, want one of %v", step, taken)
	}
	for _, field := range blamed {
		if !slices.Contains(taken, field) {
			t.Errorf("%s: domain.UserExists blames %q, but only %v is taken", step, field, taken)
		}
	}
}

// takenFields is which fields a domain.UserExists blames.
func takenFields(err error) (fields []string, ok bool) {
	exists, ok := errors.AsType[*domain.Error](err)
	if !ok || exists.Code != domain.CodeUserExists {
		return nil, false
	}
	for _, f := range exists.Fields {
		fields = append(fields, f.Field)
	}
	return fields, true
}

// wantSame reports which fields of a value came back otherwise than they went in.
func wantSame[T any](t *testing.T, step string, got, want T) {
	t.Helper()
	if d := differences(got, want); d != "" {
		t.Errorf("%s: %s", step, d)
	}
}

// differences lists the fields in which two structs differ. A time has to be the same instant, in UTC.
func differences(got, want any) string {
	var found []string
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		name, gf, wf := g.Type().Field(i).Name, g.Field(i).Interface(), w.Field(i).Interface()
		if !sameField(gf, wf) {
			found = append(found, fmt.Sprintf("%s: got %s, want %s", name, show(gf), show(wf)))
		}
	}
	return strings.Join(found, "; ")
}

func sameField(got, want any) bool {
	if g, ok := got.(time.Time); ok {
		return g.Equal(want.(time.Time)) && g.Location() == time.UTC
	}
	return reflect.DeepEqual(got, want)
}

// show keeps long values from burying the message; secrets hide themselves.
func show(v any) string {
	const most = 120
	s := fmt.Sprintf("%v", v)
	if len(s) <= most {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprintf("%q… (%d bytes)", s[:most], len(s))
}

// outcomes counts the winners among errors, and reports losers that lost for another reason than they should.
func outcomes(t *testing.T, step string, errs []error, loss error) (winners []int) {
	t.Helper()
	for i, err := range errs {
		switch {
		case err == nil:
			winners = append(winners, i)
		case !errors.Is(err, loss):
			t.Errorf("%s: loser %d got the error %v, want %v", step, i, err, loss)
		}
	}
	return winners
}

// wantOneWinner is who alone succeeded among those who competed.
func wantOneWinner(t *testing.T, step string, errs []error, loss error) int {
	t.Helper()
	winners := outcomes(t, step, errs, loss)
	if len(winners) != 1 {
		t.Fatalf("%s: %d of %d won, want exactly 1", step, len(winners), len(errs))
	}
	return winners[0]
}

// deadContexts are contexts that have ended before they are used, with the error each of them gives.
func deadContexts(t *testing.T) map[error]context.Context {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	t.Cleanup(cancel)
	return map[error]context.Context{context.Canceled: cancelled, context.DeadlineExceeded: late}
}

// wantRefused calls do with contexts that have ended, which must give ErrUnavailable wrapping the context's error.
func wantRefused(t *testing.T, call string, do func(ctx context.Context) error) {
	t.Helper()
	for cause, ctx := range deadContexts(t) {
		err := do(ctx)
		wantError(t, call+" when its context has ended", err, ports.ErrUnavailable)
		wantError(t, call+" when its context has ended", err, cause)
	}
}
