package domain_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

func TestFullnameIsNormalised(t *testing.T) {
	accept(t, domain.ParseFullname, map[string]string{
		"":                          "",
		" \t\u00a0":                 "",
		" Ada  Lovelace\n":          "Ada  Lovelace",
		"Ju\u0308rgen":              "Jürgen",
		"Miles O'Brien, Jr. <x>&\"": "Miles O'Brien, Jr. <x>&\"",
		"Αδα 用户 עדה 👩\u200d👩":       "Αδα 用户 עדה 👩\u200d👩", // a joiner is part of some scripts, and of some pictures
		"\u0308u":                   "\u0308u",
		strings.Repeat("ü", 200):    strings.Repeat("ü", 200),
	})
}

func TestFullnameIsRefused(t *testing.T) {
	refuse(t, "fullname", domain.ParseFullname,
		"Ada\x00", "Ada\nLovelace", "Ada\x1b[31m", "Ada\u0085Lovelace", "\xff", "Ada \xed\xa0\x80",
		strings.Repeat("ü", 201), strings.Repeat("\u0958", 101), strings.Repeat("x", 1<<20),
	)
}

func TestFullnameIsSettled(t *testing.T) { settled(t, domain.ParseFullname, oddText()) }
