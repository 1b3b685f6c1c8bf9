package domain_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchkey-auth/latchkey/domain"
)

func parseEmail(s string) (string, error) {
	email, err := domain.ParseEmail(s)
	return email.String(), err
}

func TestEmailIsNormalised(t *testing.T) {
	accept(t, parseEmail, map[string]string{
		"ada@example.org":                  "ada@example.org",
		" \tAda@Example.ORG\r\n":           "ada@example.org",
		"\u00a0ada@example.org\u3000":      "ada@example.org",
		"ada+list@mail.example.org":        "ada+list@mail.example.org",
		"o'hara.b_c-d!#$%&*/=?^`{|}~@x.io": "o'hara.b_c-d!#$%&*/=?^`{|}~@x.io",
		"ada@localhost":                    "ada@localhost",
		"ada@xn--mnchen-3ya.de":            "ada@xn--mnchen-3ya.de",
		"Jürgen@MÜNCHEN.de":                "jürgen@münchen.de",
		"ju\u0308rgen@mu\u0308nchen.de":    "jürgen@münchen.de",
		"用户@例子.广告":                         "用户@例子.广告",
		"\u212aelvin@example.org":          "kelvin@example.org",
		strings.Repeat("a", 64) + "@b.org": strings.Repeat("a", 64) + "@b.org",
	})
}

func TestEmailIsRefused(t *testing.T) {
	refuse(t, "email", parseEmail,
		"", " \t\u00a0", "ada", "ada@", "@example.org", "ada@@example.org", "a@b@example.org", "a b@example.org",
		".ada@example.org", "ada.@example.org", "a..b@example.org",
		"ada@.org", "ada@example.", "ada@example..org", "ada@-example.org", "ada@example-.org", "ada@exa_mple.org",
		"ada@[127.0.0.1]", `"ada"@example.org`, `"a b"@example.org`, "<ada@example.org>", "Ada <ada@example.org>",
		"ada@example.org (Ada)", "ada@example.org, eve@example.org", "mailto:ada@example.org",
		"ada@example.org\x00", "a\x00da@example.org", "ada\r\nBcc: eve@example.org", "ada\xff@example.org", "ada@ex\xffample.org",
		"a\u200bda@example.org", "a\u202eda@example.org", "a\u0085da@example.org", "a\u00a0da@example.org", "ada@ex\u200dample.org",
		strings.Repeat("a", 65)+"@example.org",
		"a@"+strings.Repeat("b.", 126)+"org", // 257 bytes
		strings.Repeat("x", 1<<20),
	)
}

func TestEmailFillsWhatSMTPCarries(t *testing.T) {
	longest := "a@" + strings.Repeat("b.", 125) + "or" // 254 bytes
	accept(t, parseEmail, map[string]string{longest: longest})
	refuse(t, "email", parseEmail, longest+"g")
}

func TestEmailIsSettled(t *testing.T) {
	local, host := oddText(), rapid.OneOf(rapid.Just("example.org"), oddText())
	settled(t, parseEmail, rapid.Custom(func(t *rapid.T) string {
		return local.Draw(t, "local") + "@" + host.Draw(t, "host")
	}))
}

func TestRestoredEmailEqualsTheParsedOne(t *testing.T) {
	parsed, err := domain.ParseEmail("ada@example.org")
	if err != nil || domain.RestoreEmail(" Ada@Example.org") != parsed {
		t.Errorf("restoring gave another email than parsing (%v)", err)
	}
	if !domain.RestoreEmail("").IsZero() || parsed.IsZero() {
		t.Error("exactly the empty email is zero")
	}
	if domain.RestoreEmail("no address any more").String() == "" {
		t.Error("a stored email is judged again")
	}
}
