package attack_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// family is a session of Alice's, all refresh tokens that it ever answered, in the order of their generations, and what
// is right to answer next.
type family struct {
	*service
	ctx     context.Context
	tokens  []string
	access  []string
	rotated time.Time
	over    bool
}

// grace is how long the predecessor of the newest token is forgiven, by default.
const grace = 30 * time.Second

func (s *service) newFamily(t *testing.T) *family {
	t.Helper()
	in := s.signIn(t, s.alice.User.Email, oldPassword)
	return &family{service: s, ctx: t.Context(), tokens: []string{in.RefreshToken}, access: []string{in.AccessToken}, rotated: s.Clock.Now()}
}

// present presents the token of a generation, counted from 0, and checks the answer: the newest is exchanged, its
// predecessor answers the newest again within the grace, and anything older ends the session for everybody.
func (f *family) present(t rapid.TB, generation int) {
	t.Helper()
	newest := len(f.tokens) - 1
	got, err := f.Refresh(f.ctx, f.tokens[generation])
	switch {
	case f.over:
		refused(t, err, "session_ended")
	case generation == newest:
		must(t, err)
		if slices.Contains(f.tokens, got.RefreshToken) {
			t.Fatalf("generation %d was answered with a token that was known", generation)
		}
		f.tokens, f.access, f.rotated = append(f.tokens, got.RefreshToken), append(f.access, got.AccessToken), f.Clock.Now()
	case generation == newest-1 && !f.Clock.Now().After(f.rotated.Add(grace)):
		must(t, err)
		if got.RefreshToken != f.tokens[newest] {
			t.Fatalf("the predecessor was answered with another token than the newest")
		}
		f.access = append(f.access, got.AccessToken)
	default:
		refused(t, err, "token_reused")
		f.over = true
		f.dead(t)
	}
}

// dead checks that no token of the family is good for anything, whoever has it.
func (f *family) dead(t rapid.TB) {
	t.Helper()
	for _, token := range f.access {
		if _, err := f.Me(f.ctx, token); err == nil {
			t.Fatalf("an access token of a session that is over is good")
		}
	}
	for _, token := range f.tokens {
		_, err := f.Refresh(f.ctx, token)
		refused(t, err, "session_ended")
	}
}

// TestReplayInEveryOrder: refresh tokens of five generations, of which a thief may have any, come in every order that
// there is. Lost would be a session that goes on in the hands of a thief, beside its owner or without them.
func TestReplayInEveryOrder(t *testing.T) {
	const generations = 5
	s := attacked(t)
	for order := range permutations(generations) {
		f := s.newFamily(t)
		for g := range generations - 1 {
			f.present(t, g)
			s.Clock.Advance(time.Second)
		}
		s.Clock.Advance(grace)
		for _, g := range order {
			f.present(t, g)
			s.Clock.Advance(grace + time.Millisecond)
		}
		if !f.over {
			t.Errorf("after %v the session goes on", order)
		}
		if t.Failed() {
			t.Fatalf("in the order %v", order)
		}
	}
}

// TestReplayAtRandom: the owner and a thief present any of the tokens that were ever answered, at any time. Lost would be
// the same as above.
func TestReplayAtRandom(t *testing.T) {
	s := attacked(t)
	rapid.Check(t, func(rt *rapid.T) {
		f := s.newFamily(t)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			last := min(3, len(f.tokens)) // those that are near are the ones to be mistaken for each other
			f.present(rt, len(f.tokens)-1-rapid.IntRange(0, last-1).Draw(rt, "generations back"))
			s.Clock.Advance(rapid.SampledFrom([]time.Duration{0, time.Second, grace, grace + time.Millisecond}).Draw(rt, "later"))
		}
	})
}

// permutations are all orders of the numbers below n (Heap's algorithm).
func permutations(n int) func(yield func([]int) bool) {
	return func(yield func([]int) bool) {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		var permute func(k int) bool
		permute = func(k int) bool {
			if k <= 1 {
				return yield(slices.Clone(order))
			}
			for i := range k {
				if !permute(k - 1) {
					return false
				}
				if k%2 == 0 {
					order[i], order[k-1] = order[k-1], order[i]
				} else {
					order[0], order[k-1] = order[k-1], order[0]
				}
			}
			return true
		}
		permute(n)
	}
}
