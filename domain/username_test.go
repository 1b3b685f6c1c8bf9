package domain_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

func parseUsername(s string) (string, error) {
	name, err := domain.ParseUsername(s)
	return name.String(), err
}

func TestUsernameIsNormalised(t *testing.T) {
	accept(t, parseUsername, map[string]string{
		"ada":                   "ada",
		" \tAda\n":              "ada",
		"ADA.Lovelace_1815-12":  "ada.lovelace_1815-12",
		"Jürgen":                "jürgen",
		"Ju\u0308rgen":          "jürgen",
		"ＡＤＡ":                   "ada", // full width
		"ΣΊΣΥΦΟΣ":               "σίσυφοσ",
		"straße":                "straße",
		"Иван_1":                "иван_1",
		"田中taro":                "田中taro", // no letter of the one is taken for one of the other
		"用户":                    "用户",
		"עדה":                   "עדה",
		"\u0958":                "\u0915\u093c", // excluded from composition
		strings.Repeat("a", 64): strings.Repeat("a", 64),
		strings.Repeat("ü", 64): strings.Repeat("ü", 64),
	})
}

func TestUsernameIsRefused(t *testing.T) {
	refuse(t, "username", parseUsername,
		"", " \t\u00a0", "ada lovelace", "ada\u00a0lovelace", "ada\tlovelace", "ada\x00", "a\u200bda", "a\u202eda", "a\u200dda",
		"ada@example.org", "ada＠example.org", "ﬁa", "Ⅳ", "👩", "עדהada", "аda", "adα", "ивaн", "\xff", "ada\xff", "\xed\xa0\x80",
		strings.Repeat("a", 65), strings.Repeat("ü", 65), strings.Repeat("u\u0308", 65), strings.Repeat("x", 1<<20),
	)
}

// A name grows when a letter does not compose: its length is that of what is stored.
func TestUsernameIsMeasuredAsStored(t *testing.T) {
	accept(t, parseUsername, map[string]string{
		strings.Repeat("\u0958", 32):  strings.Repeat("\u0915\u093c", 32),
		strings.Repeat("u\u0308", 64): strings.Repeat("ü", 64),
	})
	refuse(t, "username", parseUsername, strings.Repeat("\u0958", 33), strings.Repeat("\u0958", 64))
}

func TestUsernameIsSettled(t *testing.T) { settled(t, parseUsername, oddText()) }

func TestRestoredUsernameIsNotJudgedAgain(t *testing.T) {
	if got := domain.RestoreUsername("Ada Lovelace").String(); got != "Ada Lovelace" {
		t.Errorf("a stored username became %q", got)
	}
	if !domain.RestoreUsername("").IsZero() || domain.RestoreUsername("a").IsZero() {
		t.Error("exactly the empty username is zero")
	}
}
