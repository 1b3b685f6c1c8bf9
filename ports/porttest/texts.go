package porttest

import (
	"math"
	"strings"
)

// Texts that have come back changed from one engine or another.
var oddTexts = []string{
	"",
	" leading and trailing blanks \t",
	`quotes ' " and \ backslash \n %s %00 ${x} {{y}}`,
	"line\r\nbreaks\u2028and\u2029others",
	"e\u0301 decomposed, \u00e9 composed",
	"İstanbul ıi ſs ß ﬃ Ǆ Σς",
	"עברית العربية \u202eright to left\u202c",
	"漢字 かな 한글 𠮷 astral",
	"👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇩🇪 joined",
	"\ufeffbyte order mark, \u200bzero width, \u00adsoft",
	"\U0010ffff last, \ufffd replacement",
	"Z̸̛͎̘̼͐͂a̷̧l̶͓g̵̢̛o̸͜",
}

// Names that some collation or other takes for one and the same, and that are not.
var lookalikes = [][2]string{
	{"strasse", "straße"},
	{"resume", "résumé"},
	{"ilk", "ılk"},
	{"mikael", "mikaël"},
	{"ab", "a.b"},
	{"a_c", "abc"},
	{"σας", "σασ"},
	{"か", "が"},
	{"cd", "cd\u200d"},
	{"100%", "100"},
}

// Keys that nobody ever had, such as clients send all the same.
var oddKeys = []string{
	"", " ", "*", "%", ".", "../..", "{}", "{x}", ":", "$gt", `{"$gt":""}`, "' OR '1'='1", "a\x00b", "\xff\xfe", "null",
	"000000000000000000000000", "\U0010ffff", strings.Repeat("x", 1024),
}

// extremes are the numbers at the ends.
var extremes = []int64{0, 1, math.MaxInt32 + 1, 1<<53 + 1, math.MaxInt64}
