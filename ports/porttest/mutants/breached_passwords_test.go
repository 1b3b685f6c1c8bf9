package mutants

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// openBreached opens one that knows these passwords, or that is broken: whose source cannot be asked.
type openBreached func(leaked []string, broken bool) ports.BreachedPasswords

// breached knows passwords by a function.
type breached func(ctx context.Context, password domain.Password) bool

// Contains implements ports.BreachedPasswords.
func (b breached) Contains(ctx context.Context, password domain.Password) bool {
	return b(ctx, password)
}

// alike opens those that find what is the same to them.
func alike(same func(leaked, chosen string) bool) openBreached {
	return func(leaked []string, broken bool) ports.BreachedPasswords {
		return breached(func(_ context.Context, password domain.Password) bool {
			return !broken && slices.ContainsFunc(leaked, func(l string) bool { return same(l, password.Reveal()) })
		})
	}
}

var healthyBreached = alike(func(leaked, chosen string) bool { return leaked == chosen })

func breachedMutants() []mutant[openBreached] {
	return []mutant[openBreached]{
		by("Contains/FindsWhatLeaked Races/EachIsToldOfTheirOwn", "finds nothing", alike(func(string, string) bool { return false })),
		by("Contains/FindsWhatLeaked", "knows ASCII alone", alike(func(leaked, chosen string) bool {
			return leaked == chosen && !strings.ContainsFunc(leaked, func(r rune) bool { return r > 0x7f })
		})),
		by("Contains/FindsWhatLeaked", "trims what is chosen", alike(func(leaked, chosen string) bool { return leaked == trimmed(chosen) })),
		by("Contains/FindsNothingElse", "trims both", alike(func(leaked, chosen string) bool { return trimmed(leaked) == trimmed(chosen) })),
		by("Contains/FindsNothingElse", "folds case", alike(strings.EqualFold)),
		by("Contains/FindsNothingElse Races/EachIsToldOfTheirOwn", "compares beginnings", alike(func(leaked, chosen string) bool {
			return strings.HasPrefix(chosen, leaked) || strings.HasPrefix(leaked, chosen)
		})),
		by[openBreached]("Contains/FindsNothingWhereNothingLeaked", "finds all where it knows nothing", func(leaked []string, broken bool) ports.BreachedPasswords {
			if len(leaked) == 0 && !broken {
				return breached(func(context.Context, domain.Password) bool { return true })
			}
			return healthyBreached(leaked, broken)
		}),
		by[openBreached]("Failures/NobodyIsKeptFromChoosing", "fails closed", func(leaked []string, broken bool) ports.BreachedPasswords {
			if broken {
				return breached(func(context.Context, domain.Password) bool { return true })
			}
			return healthyBreached(leaked, broken)
		}),
		by[openBreached]("Failures/NobodyIsKeptFromChoosing", "fails closed when the client leaves", func(leaked []string, broken bool) ports.BreachedPasswords {
			whole := healthyBreached(leaked, broken)
			return breached(func(ctx context.Context, password domain.Password) bool {
				return ctx.Err() != nil || whole.Contains(ctx, password)
			})
		}),
		by[openBreached]("Races/EachIsToldOfTheirOwn", "has one place for all questions", onePlace),
	}
}

// onePlace writes down what it is asked, and then looks up what is written.
func onePlace(leaked []string, broken bool) ports.BreachedPasswords {
	whole := healthyBreached(leaked, broken)
	var mu sync.Mutex
	var asked domain.Password
	return breached(func(ctx context.Context, password domain.Password) bool {
		mu.Lock()
		asked = password
		mu.Unlock()
		pause()
		mu.Lock()
		defer mu.Unlock()
		return whole.Contains(ctx, asked)
	})
}
