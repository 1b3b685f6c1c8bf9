package domain_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/latchkey-auth/latchkey/domain"
)

// judge checks what holds of every text that parse is given: it is refused with the field to blame, or taken in its final
// form, which is valid UTF-8, within the bound, without anything that breaks a line, and stays as it is.
func judge(t *testing.T, field string, parse parser, maxBytes int, in string) (taken string, ok bool) {
	t.Helper()
	once, err := parse(in)
	if err != nil {
		if once != "" || !blames(err, field) {
			t.Fatalf("%+q became %+q, %v; want a validation error of %s", in, once, err, field)
		}
		return "", false
	}
	if !utf8.ValidString(once) || len(once) > maxBytes || strings.ContainsAny(once, "\x00\r\n\x7f") {
		t.Fatalf("%+q became %+q", in, once)
	}
	if twice, err := parse(once); err != nil || twice != once {
		t.Fatalf("%+q became %+q, and then %+q, %v", in, once, twice, err)
	}
	return once, true
}

// FuzzParseEmail: what registers is found again, however it is typed: as it was, or as it is shown. What was stored is
// folded once and for all.
func FuzzParseEmail(f *testing.F) {
	f.Add("Ada@Example.org")
	f.Fuzz(func(t *testing.T, in string) {
		stored := domain.RestoreEmail(in)
		if again := domain.RestoreEmail(stored.String()); again != stored {
			t.Errorf("%+q is restored as %+q, and then as %+q", in, stored, again)
		}
		email, ok := judge(t, "email", parseEmail, 254, in)
		if !ok {
			return
		}
		if strings.Count(email, "@") != 1 || domain.RestoreEmail(email).String() != email {
			t.Errorf("%+q became %+q", in, email)
		}
		if len(strings.TrimSpace(in)) > 1024 {
			return // longer than what is looked up, however short it became
		}
		for _, typed := range []string{in, email} {
			if login, err := domain.NewLogin(typed, ""); err != nil || login.Email.String() != email {
				t.Errorf("registered as %+q; typing %+q looks up %+q, %v", email, typed, login.Email, err)
			}
		}
	})
}

// FuzzParseUsername: what registers is found again, is nobody's email, and no case or width makes another of it.
func FuzzParseUsername(f *testing.F) {
	f.Add("Ada_Lovelace-7")
	f.Fuzz(func(t *testing.T, in string) {
		name, ok := judge(t, "username", parseUsername, 4*64, in)
		if !ok {
			return
		}
		if strings.Contains(name, "@") || strings.TrimSpace(name) != name || utf8.RuneCountInString(name) > 64 {
			t.Errorf("%+q became %+q", in, name)
		}
		for _, typed := range []string{in, name} {
			if login, err := domain.NewLogin("", typed); err != nil || login.Username.String() != name {
				t.Errorf("registered as %+q; typing %+q looks up %+q, %v", name, typed, login.Username, err)
			}
		}
	})
}

// FuzzParseFullname: any script, on one line.
func FuzzParseFullname(f *testing.F) {
	f.Add(" Ada Lovelace ")
	f.Fuzz(func(t *testing.T, in string) {
		name, err := domain.ParseFullname(in)
		if err == nil && name == "" {
			return // none is fine
		}
		judge(t, "fullname", domain.ParseFullname, 4*200, in)
	})
}

// FuzzParsePassword: a password that was taken is within the policy, and signs its owner in: typed again, it is the one
// that was hashed. Whatever is typed is checked in at most two forms, as it is and prepared.
func FuzzParsePassword(f *testing.F) {
	f.Add("correct horse battery staple")
	policy := domain.PasswordPolicy{MinLength: 8, MaxBytes: 72}
	f.Fuzz(func(t *testing.T, in string) {
		presented, refused := domain.PresentedPassword("password", in)
		if refused != nil && !blames(refused, "password") {
			t.Fatalf("%+q is checked with %v; want a validation error of password", in, refused)
		}
		if forms := presented.Forms(); refused == nil && (len(in) > domain.MaxPasswordBytes || len(forms) > 2 || forms[len(forms)-1].Reveal() != in) {
			t.Errorf("%+q is checked in %d forms", in, len(forms))
		}
		password, err := policy.Parse("password", in, domain.User{})
		if err != nil {
			if !password.IsZero() || !blames(err, "password") {
				t.Fatalf("%+q: %v; want a validation error of password", in, err)
			}
			return
		}
		hashed := password.Reveal()
		if !utf8.ValidString(hashed) || utf8.RuneCountInString(hashed) < 8 || len(hashed) > 72 {
			t.Errorf("%+q is hashed as %+q", in, hashed)
		}
		if refused != nil || presented.Reveal() != hashed {
			t.Errorf("%+q is hashed as %+q, and checked as %+q, %v", in, hashed, presented.Reveal(), refused)
		}
	})
}
