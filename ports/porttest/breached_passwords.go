package porttest

import (
	"fmt"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// TestBreachedPasswords proves an implementation of ports.BreachedPasswords. Each call of open returns one that knows these
// passwords, as they would come from their source; each of broken, one whose source cannot be asked.
func TestBreachedPasswords(t *testing.T, open func(t *testing.T, leaked []string) ports.BreachedPasswords, broken func(t *testing.T) ports.BreachedPasswords) {
	prove(t, func(*testing.T) breaches { return breaches{open, broken} }, breachesThemes)
}

var breachesThemes = []theme[breaches]{
	{"Contains", []rule[breaches]{
		{"FindsWhatLeaked", breachesFindLeaked},
		{"FindsNothingElse", breachesFindNothingElse},
		{"FindsNothingWhereNothingLeaked", breachesFindNothing},
	}},
	{"Failures", []rule[breaches]{
		{"NobodyIsKeptFromChoosing", breachesLetThrough},
	}},
	{"Races", []rule[breaches]{
		{"EachIsToldOfTheirOwn", breachesServeMany},
	}},
}

// breaches opens what rules need.
type breaches struct {
	open   func(t *testing.T, leaked []string) ports.BreachedPasswords
	broken func(t *testing.T) ports.BreachedPasswords
}

// leakedPasswords are to be found, and nothing like them.
var leakedPasswords = append([]string{"correct horse battery", "Tr0ub4dor&3", "пароль", " blanks "}, oddTexts[1:]...)

func leaked(password string) domain.Password {
	return domain.Password{Secret: domain.NewSecret(password)}
}

func breachesFindLeaked(t *testing.T, b breaches) {
	known := b.open(t, leakedPasswords)
	for _, password := range leakedPasswords {
		if !known.Contains(t.Context(), leaked(password)) {
			t.Errorf("Contains of %s, which leaked: got false", show(password))
		}
	}
}

func breachesFindNothingElse(t *testing.T, b breaches) {
	known := b.open(t, leakedPasswords)
	for _, password := range []string{
		"", "correct", "correct horse batter", "correct horse battery ", " correct horse battery", "Correct horse battery",
		"CORRECT HORSE BATTERY", "battery horse correct", "tr0ub4dor&3", "пароль1", "blanks", "nothing of the kind",
	} {
		if known.Contains(t.Context(), leaked(password)) {
			t.Errorf("Contains of %s, which did not leak: got true", show(password))
		}
	}
}

func breachesFindNothing(t *testing.T, b breaches) {
	known := b.open(t, nil)
	for _, password := range leakedPasswords {
		if known.Contains(t.Context(), leaked(password)) {
			t.Errorf("Contains of %s, where nothing leaked: got true", show(password))
		}
	}
}

func breachesLetThrough(t *testing.T, b breaches) {
	broken := b.broken(t)
	if broken.Contains(t.Context(), leaked(leakedPasswords[0])) {
		t.Error("Contains, where nobody can be asked: got true")
	}
	for cause, ctx := range deadContexts(t) {
		if broken.Contains(ctx, leaked(leakedPasswords[0])) {
			t.Errorf("Contains, where nobody can be asked, and %v: got true", cause)
		}
	}
}

// breachesServeMany has every other one ask for what did not leak.
func breachesServeMany(t *testing.T, b breaches) {
	known := b.open(t, leakedPasswords)
	answers := together(crowd/2, func(i int) bool {
		password := leakedPasswords[i/2%len(leakedPasswords)]
		if i%2 == 1 {
			password = fmt.Sprint(password, i)
		}
		return known.Contains(t.Context(), leaked(password))
	})
	for i, found := range answers {
		if found != (i%2 == 0) {
			t.Errorf("Contains, of many at once, number %d: got %t", i, found)
		}
	}
}
