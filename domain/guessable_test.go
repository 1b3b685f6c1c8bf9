package domain_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

var ada = domain.User{
	Username: domain.RestoreUsername("ada_l"),
	Email:    domain.RestoreEmail("ada.lovelace@mail.example.org"),
	Fullname: "Augusta Ada King",
}

// whyRefused is the one thing that is wrong with a new password, "" where it is taken.
func whyRefused(t *testing.T, of domain.User, password string) string {
	t.Helper()
	policy := domain.PasswordPolicy{MinLength: 4, MaxBytes: domain.MaxPasswordBytes, Host: "login.babbage.example"}
	_, err := policy.Parse("newPassword", password, of)
	e, ok := errors.AsType[*domain.Error](err)
	switch {
	case err == nil:
		return ""
	case !ok || e.Code != domain.CodeValidationFailed || len(e.Fields) != 1 || e.Fields[0].Field != "newPassword":
		t.Fatalf("%q is refused with %v; want a validation error of newPassword", password, err)
	}
	return e.Fields[0].Message
}

// refusedFor checks why passwords are refused.
func refusedFor(t *testing.T, of domain.User, reason string, passwords ...string) {
	t.Helper()
	for _, password := range passwords {
		if got := whyRefused(t, of, password); !strings.Contains(got, reason) {
			t.Errorf("%q is refused for %q; want %q", password, got, reason)
		}
	}
}

// taken checks that passwords are taken.
func taken(t *testing.T, of domain.User, passwords ...string) {
	t.Helper()
	for _, password := range passwords {
		if got := whyRefused(t, of, password); got != "" {
			t.Errorf("%q is refused: it %s", password, got)
		}
	}
}

func TestCommonPasswordsAreRefused(t *testing.T) {
	refusedFor(t, ada, "common password",
		"password", "12345678", "qwertyuiop", "iloveyou", "trustno1", "password123", "1q2w3e4r",
		"PassWord", "ｐａｓｓｗｏｒｄ", " password ", // guessed as fast
		"!qaz2wsx", "zzzzzzz1", // where the list begins and ends
	)
	taken(t, ada, "password of a stranger", "my dragon is not on a list", "drowssap ton")
}

// The whole password counts, and nothing is demanded of what it consists of.
func TestThereAreNoRulesOfComposition(t *testing.T) {
	taken(t, ada,
		"correct horse battery", "correcthorsebatterystaple", "seven quiet rivers at dawn", "ohnemitlauterkleinenbuchstaben",
		"NOTHING BUT CAPITALS", "73914625889034", "пароль из слов", "合言葉はとても長い", "🔑🔒🚪🪟",
		strings.Repeat("and so on ", 102),
	)
}

func TestOneCharacterRepeatedIsNoPassword(t *testing.T) {
	refusedFor(t, ada, "one character repeated",
		"zzzzzzzzzzzzzzzzzzzzzzz", "aAaAaAaA", "--------", "😀😀😀😀",
		strings.Repeat("™", 8), strings.Repeat("é", 9), strings.Repeat("x\u030c", 9),
		strings.Repeat("👍🏽", 5), strings.Repeat("🇩🇪", 5), strings.Repeat("1\u20e3", 5),
	)
	taken(t, ada, "zzzzzzzzzzzzzzzzzzzzzzy", "😀😃😄😁", "🇩🇪🇩🇰🇩🇪🇩🇰", "👍🏽👍🏿👍🏽👍🏿")
}

func TestPasswordsMadeOfWhatIsKnownAreRefused(t *testing.T) {
	refusedFor(t, ada, "made of the username",
		"ada_l", "ADA_L", "ａｄａ＿ｌ", "ada_lada_l", "l_ada", "ada_l1815", "!!ada_l!!", "l_ada ada_l", "adal2024", "adalovelace", "ada_lpassword", "ada_l 123456")
	refusedFor(t, ada, "made of the email",
		"ada.lovelace@mail.example.org", "Ada.Lovelace@Mail.Example.Org!!!!", "gro.elpmaxe.liam@ecalevol.ada",
		"ada.lovelace1815", "lovelace", "lovelace1815", "ecalevol1", "LovelaceLovelace", "lovelaceecalevol99",
		"mail.example.org", "example1234")
	refusedFor(t, ada, "made of the full name", "Augusta Ada King", "augustaadaking", "augusta!", "kingking01")
	refusedFor(t, ada, "made of the name of this service", "login.babbage.example", "babbage1", "Latchkey", "latchkey2024", "yekhctal")
}

// What is known may be a part of what is not.
func TestLongPasswordsMayHoldWhatIsKnown(t *testing.T) {
	taken(t, ada,
		"ada_l likes mathematics", "lovelace18155", "a_l@d", "king and queen", "lovelace met babbage in 1833",
		"ada.lovelace@mail.example.org writes notes")
	short := domain.User{Username: domain.RestoreUsername("al"), Fullname: "Bo Li", Email: domain.RestoreEmail("e@x.io")}
	taken(t, short, "halal meal", "several royal walls", "alalal12", "everywhere", "alcatraz7", "bobbing boats")
	refusedFor(t, short, "made of the username", "alalalal", "allaalla")
	refusedFor(t, short, "made of the full name", "bobobobo", "boli")
	taken(t, domain.User{}, "ada_l1815")
}

func TestABreachIsGivenAsTheReason(t *testing.T) {
	if err := domain.Breached("password"); !blames(err, "password") || !strings.Contains(err.Error(), "breach") {
		t.Errorf("the error is %v", err)
	}
}
