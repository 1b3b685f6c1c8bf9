package domain_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchkey-auth/latchkey/domain"
)

var passwords = domain.PasswordPolicy{MinLength: 8, MaxBytes: 72}

func parsePassword(s string) (string, error) {
	password, err := passwords.Parse("newPassword", s, domain.User{})
	return password.Reveal(), err
}

func presentPassword(s string) (string, error) {
	password, err := domain.PresentedPassword("oldPassword", s)
	return password.Reveal(), err
}

func TestNewPasswordIsPrepared(t *testing.T) {
	accept(t, parsePassword, map[string]string{
		"correct horse":                     "correct horse",
		" spaces stay ":                     " spaces stay ",
		"CaseStays":                         "CaseStays",
		strings.Repeat("e\u0301a\u0300", 4): "éàéàéàéà",
		"non\u00a0ascii\u3000blank":         "non ascii blank",
		"ｆｕｌｌ ｗｉｄｔｈ":                        "ｆｕｌｌ ｗｉｄｔｈ",
		"пароль用户":                          "пароль用户",
		"🔑🔒🔑🔑🔑🔑🔑🔑":                          "🔑🔒🔑🔑🔑🔑🔑🔑",
		strings.Repeat("xy", 36):            strings.Repeat("xy", 36),
		strings.Repeat("üö", 18):            strings.Repeat("üö", 18),
	})
}

func TestNewPasswordIsRefused(t *testing.T) {
	refuse(t, "newPassword", parsePassword,
		"", "        ", "\u00a0\t\u3000       ", "seven77", "éàéà", strings.Repeat("e\u0301a\u0300", 3)+"e\u0301",
		"with\x00zero byte", "line\nbreak", "tab\tulator", "\xff\xff\xff\xff\xff\xff\xff\xff", "password\xed\xa0\x80",
		strings.Repeat("xy", 36)+"x", strings.Repeat("üö", 18)+"ü", strings.Repeat("xy", 1<<20),
	)
}

func TestThePolicyOfPasswordsFailsClosed(t *testing.T) {
	if _, err := (domain.PasswordPolicy{}).Parse("password", "correct horse", domain.User{}); !blames(err, "password") {
		t.Errorf("the zero policy took a password: %v", err)
	}
}

func TestNewPasswordIsSettled(t *testing.T) { settled(t, parsePassword, oddText()) }

// What was hashed elsewhere, under another policy or none, can be presented.
func TestPresentedPasswordKnowsNoPolicy(t *testing.T) {
	accept(t, presentPassword, map[string]string{
		"x":                             "x",
		"e\u0301":                       "é",
		"a\u00a0b":                      "a b",
		"line\nbreak":                   "line\nbreak",
		"\xff":                          "\xff",
		"a\x00b":                        "a\x00b",
		strings.Repeat("x", 1024):       strings.Repeat("x", 1024),
		"👨\u200d👩\u200d👧 joined by ZWJ": "👨\u200d👩\u200d👧 joined by ZWJ",
	})
	refuse(t, "oldPassword", presentPassword, "", " \t\u00a0", strings.Repeat("x", 1025), strings.Repeat("x", 1<<20))
}

// What was hashed elsewhere as it was typed has that form too, after the prepared one.
func TestPresentedPasswordHasTheFormThatWasTyped(t *testing.T) {
	for typed, want := range map[string][]string{
		"correct horse": {"correct horse"},
		"a\u00a0b":      {"a b", "a\u00a0b"},
		"e\u0301":       {"é", "e\u0301"},
		"line\nbreak":   {"line\nbreak"},
	} {
		password, err := domain.PresentedPassword("password", typed)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, form := range password.Forms() {
			got = append(got, form.Reveal())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+q has the forms %+q; want %+q", typed, got, want)
		}
	}
}

// Whoever registers with a text signs in with it, however it is typed.
func TestNewPasswordCanBePresented(t *testing.T) {
	texts := oddText()
	rapid.Check(t, func(t *rapid.T) {
		in := texts.Draw(t, "text")
		made, err := parsePassword(in)
		if err != nil {
			return
		}
		if presented, err := presentPassword(in); err != nil || presented != made {
			t.Fatalf("%+q was taken as %+q and presented as %+q, %v", in, made, presented, err)
		}
	})
}
