package domain_test

import (
	"errors"
	"slices"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/latchkey-auth/latchkey/domain"
)

// parser is a constructor of a value that cannot be wrong, as text to text.
type parser func(string) (string, error)

// accept checks that each input is taken, in the form that stands beside it.
func accept(t *testing.T, parse parser, table map[string]string) {
	t.Helper()
	for in, want := range table {
		if got, err := parse(in); err != nil || got != want {
			t.Errorf("%q became %q, %v; want %q", in, got, err, want)
		}
	}
}

// refuse checks that each input is a validation error that blames the field.
func refuse(t *testing.T, field string, parse parser, inputs ...string) {
	t.Helper()
	for _, in := range inputs {
		got, err := parse(in)
		if got != "" || !blames(err, field) {
			t.Errorf("%.100q became %.100q, %v; want a validation error of %s", in, got, err, field)
		}
	}
}

func blames(err error, field string) bool {
	e, ok := errors.AsType[*domain.Error](err)
	return ok && e.Code == domain.CodeValidationFailed &&
		slices.ContainsFunc(e.Fields, func(f domain.FieldError) bool { return f.Field == field && f.Message != "" })
}

// settled checks that what is accepted is valid UTF-8 and in its final form: parsed again, it stays as it is.
func settled(t *testing.T, parse parser, texts *rapid.Generator[string]) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		in := texts.Draw(t, "text")
		once, err := parse(in)
		if err != nil {
			return
		}
		if !utf8.ValidString(once) {
			t.Fatalf("%+q became %+q, which is no valid UTF-8", in, once)
		}
		if twice, err := parse(once); err != nil || twice != once {
			t.Fatalf("%+q became %+q, and then %+q, %v", in, once, twice, err)
		}
	})
}

// oddText draws texts with what normalisation, folding and trimming trip over, invalid UTF-8 included.
func oddText() *rapid.Generator[string] {
	tricky := rapid.SampledFrom([]string{
		"\u212a", "\u212b", "\u2126", // Kelvin, Angstrom and Ohm: capitals that normalise to other capitals
		"\u0130", "\u0131", "\u03c2", "\u1e9e", "\u00df", "\u01c5", // dotted and dotless i, final sigma, sharp s, title case
		"e\u0301", "\u0958", "\ufb2a", "\u0344", "\u1fee", // compose, are excluded from composing, decompose
		"\u2000", "\u00a0", "\u3000", "\u2028", "\u0085", " ", // white space
		"\uff21", "\uff20", "\uff0e", "\uff76", "\uffe0", // full and half width
		"\u05d0", "\u0661", "\u06f1", "\u200d", "\u200c", "\u202e", "\ufeff", // right to left, joiners, marks
		"\U0001f468\u200d\U0001f469", "\U0010ffff", "\x00", "\x7f", "\xff", "\xed\xa0\x80",
		"@", ".", "-", "a", "B", "7", "_",
	})
	return rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.RuneFrom(nil, unicode.Letter, unicode.Mark, unicode.Digit)),
		rapid.Map(rapid.SliceOfN(tricky, 0, 80), concat),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
}

func concat(parts []string) string {
	var s string
	for _, part := range parts {
		s += part
	}
	return s
}
