package password

import (
	"strings"
	"testing"
)

// cheap is the least that Argon2 can cost.
var cheap = Argon2Params{Memory: 8, Time: 1, Threads: 1}

const (
	salt8, salt16, salt64 = "c29tZXNhbHQ", "AAECAwQFBgcICQoLDA0ODw", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	key16, key32          = "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	bcryptTail            = "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
)

var key128 = strings.Repeat("A", 171)

func TestParseAccepts(t *testing.T) {
	for _, hash := range []string{
		"$argon2id$v=19$m=8,t=1,p=1$" + salt8 + "$" + key16,
		"$argon2id$v=19$m=19456,t=2,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=262144,t=16,p=16$" + salt64 + "$" + key128,
		"$2a$04$" + bcryptTail,
		"$2b$10$" + bcryptTail,
		"$2y$14$" + bcryptTail,
	} {
		if _, err := parse(hash); err != nil {
			t.Errorf("%s: %v", hash, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	rest := "$" + salt16 + "$" + key32
	for name, hash := range map[string]string{
		"nothing":              "",
		"plain text":           "correct horse battery staple",
		"a very long text":     strings.Repeat("$argon2id$", 1<<16),
		"another algorithm":    "$argon2i$v=19$m=8,t=1,p=1" + rest,
		"scrypt":               "$scrypt$ln=15,r=8,p=1" + rest,
		"no version":           "$argon2id$m=8,t=1,p=1" + rest,
		"an older version":     "$argon2id$v=16$m=8,t=1,p=1" + rest,
		"a later version":      "$argon2id$v=20$m=8,t=1,p=1" + rest,
		"no memory":            "$argon2id$v=19$t=1,p=1" + rest,
		"memory twice":         "$argon2id$v=19$m=8,m=8,t=1,p=1" + rest,
		"another order":        "$argon2id$v=19$t=1,m=8,p=1" + rest,
		"one more parameter":   "$argon2id$v=19$m=8,t=1,p=1,data=AA" + rest,
		"a leading zero":       "$argon2id$v=19$m=08,t=1,p=1" + rest,
		"a sign":               "$argon2id$v=19$m=+8,t=1,p=1" + rest,
		"zero memory":          "$argon2id$v=19$m=0,t=1,p=1" + rest,
		"zero time":            "$argon2id$v=19$m=8,t=0,p=1" + rest,
		"zero threads":         "$argon2id$v=19$m=8,t=1,p=0" + rest,
		"too little memory":    "$argon2id$v=19$m=15,t=1,p=2" + rest,
		"64 GiB":               "$argon2id$v=19$m=67108864,t=1,p=1" + rest,
		"one KiB too much":     "$argon2id$v=19$m=262145,t=1,p=1" + rest,
		"memory that wraps":    "$argon2id$v=19$m=4294967304,t=1,p=1" + rest,
		"too many rounds":      "$argon2id$v=19$m=8,t=17,p=1" + rest,
		"too many threads":     "$argon2id$v=19$m=8192,t=1,p=17" + rest,
		"threads that wrap":    "$argon2id$v=19$m=8192,t=1,p=257" + rest,
		"no salt":              "$argon2id$v=19$m=8,t=1,p=1$$" + key32,
		"a salt of 7 bytes":    "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAA$" + key32,
		"a salt of 65 bytes":   "$argon2id$v=19$m=8,t=1,p=1$" + strings.Repeat("A", 87) + "$" + key32,
		"no key":               "$argon2id$v=19$m=8,t=1,p=1$" + salt16 + "$",
		"no key at all":        "$argon2id$v=19$m=8,t=1,p=1$" + salt16,
		"a key of 15 bytes":    "$argon2id$v=19$m=8,t=1,p=1$" + salt16 + "$" + key16[:20],
		"a key of 129 bytes":   "$argon2id$v=19$m=8,t=1,p=1$" + salt16 + "$" + key128 + "A",
		"a cut key":            "$argon2id$v=19$m=8,t=1,p=1$" + salt16 + "$" + key32[:41],
		"padding":              "$argon2id$v=19$m=8,t=1,p=1$" + salt16 + "==$" + key32,
		"stray bits":           "$argon2id$v=19$m=8,t=1,p=1$" + salt16[:21] + "x$" + key32,
		"another alphabet":     "$argon2id$v=19$m=8,t=1,p=1$" + salt16[:21] + "-$" + key32,
		"trailing rubbish":     "$argon2id$v=19$m=8,t=1,p=1" + rest + "$",
		"a trailing line feed": "$argon2id$v=19$m=8,t=1,p=1" + rest + "\n",
		"a line feed within":   "$argon2id$v=19$m=8,t=1,p=1$" + salt16[:20] + "\n" + salt16[20:] + "$" + key32,
		"bcrypt's old bug":     "$2x$10$" + bcryptTail,
		"bcrypt's first form":  "$2$10$" + bcryptTail,
		"bcrypt, cost 3":       "$2b$03$" + bcryptTail,
		"bcrypt, cost 15":      "$2b$15$" + bcryptTail,
		"bcrypt, cost 31":      "$2b$31$" + bcryptTail,
		"bcrypt, cost 99":      "$2b$99$" + bcryptTail,
		"bcrypt, no cost":      "$2b$" + bcryptTail,
		"bcrypt, cut":          "$2b$04$" + bcryptTail[:52],
		"bcrypt, longer":       "$2b$04$" + bcryptTail + "A",
		"bcrypt, bad letter":   "$2b$04$" + bcryptTail[:52] + "=",
		"bcrypt, line feed":    "$2b$04$" + bcryptTail + "\n",
	} {
		if parsed, err := parse(hash); err == nil {
			t.Errorf("%s: was taken as %+v", name, parsed)
		}
	}
}

// FuzzParse: whatever is stored, reading it neither panics nor accepts what costs too much, and has one spelling.
func FuzzParse(f *testing.F) {
	f.Add("$argon2id$v=19$m=8,t=1,p=1$" + salt8 + "$" + key16)
	f.Add("$2b$04$" + bcryptTail)
	f.Fuzz(func(t *testing.T, hash string) {
		parsed, err := parse(hash)
		if err != nil {
			return
		}
		switch h := parsed.(type) {
		case argon2Hash:
			if h.String() != hash || h.params.check() != nil || len(h.salt) > 64 || len(h.key) > 128 {
				t.Errorf("%q was taken as %+v", hash, h)
			}
		case bcryptHash:
			if h.hash != hash || h.cost.check() != nil {
				t.Errorf("%q was taken as %+v", hash, h)
			}
		}
	})
}

func TestDecoyIsWhatHashMakes(t *testing.T) {
	for _, today := range []scheme{cheap, DefaultArgon2, bcryptCost(4), bcryptCost(DefaultBcryptCost)} {
		if today.outdated(today.decoy()) {
			t.Errorf("%+v: the decoy costs something else", today)
		}
	}
	if decoy := bcryptCost(4).decoy().(bcryptHash); !bcryptForm.MatchString(decoy.hash) {
		t.Errorf("%s is no bcrypt hash, so nothing would be computed", decoy.hash)
	}
}
