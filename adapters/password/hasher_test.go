package password

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"golang.org/x/crypto/bcrypt"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

// configs are both algorithms at the least that they can cost.
var configs = map[string]Config{
	"argon2id": {Argon2: cheap},
	"bcrypt":   {Algorithm: Bcrypt, BcryptCost: bcrypt.MinCost},
}

func TestHasher(t *testing.T) {
	for name, config := range configs {
		t.Run(name, func(t *testing.T) {
			porttest.TestPasswordHasher(t, func(t *testing.T) ports.PasswordHasher { return open(t, config) })
		})
	}
}

// open makes a hasher whose threads end with the test.
func open(t testing.TB, config Config) *Hasher {
	hasher := New(config)
	t.Cleanup(hasher.Close)
	return hasher
}

// network is where those are who ask for hashes.
const network = "192.0.2.1"

func secretPassword(s string) domain.Password { return domain.Password{Secret: domain.NewSecret(s)} }

func TestHashHasTodaysForm(t *testing.T) {
	for prefix, config := range map[string]Config{
		"$argon2id$v=19$m=19456,t=2,p=1$": {},
		"$argon2id$v=19$m=16,t=3,p=2$":    {Algorithm: Argon2id, Argon2: Argon2Params{16, 3, 2}},
		"$2a$10$":                         {Algorithm: Bcrypt},
		"$2a$04$":                         {Algorithm: Bcrypt, BcryptCost: 4},
	} {
		hash, err := open(t, config).Hash(t.Context(), network, secretPassword("password"))
		if err != nil || !strings.HasPrefix(hash.Reveal(), prefix) {
			t.Errorf("got %s, %v, want %s…", hash.Reveal(), err, prefix)
		}
	}
}

func TestVerifySaysWhichHashesAreOutdated(t *testing.T) {
	made := func(params Argon2Params, salt, key int) string {
		h := argon2Hash{params, make([]byte, salt), nil}
		h.key = params.key(new(memory), "password", h.salt, key)
		return h.String()
	}
	bcryptOf := func(cost bcryptCost, prefix string) string {
		hash, err := cost.hash(nil, "password")
		if err != nil {
			t.Fatal(err)
		}
		return prefix + hash[len(prefix):]
	}
	for _, test := range []struct {
		name, setting, hash string
		outdated            bool
	}{
		{"today's", "argon2id", made(cheap, 16, 32), false},
		{"a longer salt and key", "argon2id", made(cheap, 32, 64), false},
		{"more memory", "argon2id", made(Argon2Params{16, 1, 1}, 16, 32), true},
		{"more rounds", "argon2id", made(Argon2Params{8, 2, 1}, 16, 32), true},
		{"more lanes", "argon2id", made(Argon2Params{16, 1, 2}, 16, 32), true},
		{"a shorter salt", "argon2id", made(cheap, 15, 32), true},
		{"a shorter key", "argon2id", made(cheap, 16, 31), true},
		{"bcrypt", "argon2id", bcryptOf(4, "$2b$"), true},
		{"argon2id", "bcrypt", made(cheap, 16, 32), true},
		{"today's", "bcrypt", bcryptOf(4, "$2a$"), false},
		{"the same by PHP", "bcrypt", bcryptOf(4, "$2y$"), false},
		{"another cost", "bcrypt", bcryptOf(5, "$2b$"), true},
	} {
		hasher := open(t, configs[test.setting])
		ok, outdated, err := hasher.Verify(t.Context(), network, secretPassword("password"), domain.NewSecret(test.hash))
		if err != nil || !ok || outdated != test.outdated {
			t.Errorf("%s, set to %s: got %t, %t, %v, want outdated %t", test.name, test.setting, ok, outdated, err, test.outdated)
		}
	}
}

// Where bcrypt did not look at all that was typed, the hash does not prove it, and is not renewed with it.
func TestVerifyRenewsNoHashThatBcryptCut(t *testing.T) {
	hashOf := func(password string) domain.Secret {
		hash, err := bcryptCost(4).hash(nil, password)
		if err != nil {
			t.Fatal(err)
		}
		return domain.NewSecret(hash)
	}
	p72 := strings.Repeat("p", 72)
	for _, test := range []struct {
		name, made, typed string
		ok, outdated      bool
	}{
		{"71 bytes", p72[:71], p72[:71], true, true},
		{"72 bytes, perhaps of more", p72, p72, true, false},
		{"72 bytes and a typo", p72, p72 + "typo", true, false},
		{"a NUL", "within\x00nul", "within\x00nul", true, false},
		{"the password twice, as bcrypt goes round it", "round", "round\x00round", true, false},
		{"a NUL behind", "behind", "behind\x00", false, false},
	} {
		ok, outdated, err := open(t, configs["argon2id"]).Verify(t.Context(), network, secretPassword(test.typed), hashOf(test.made))
		if err != nil || ok != test.ok || outdated != test.outdated {
			t.Errorf("%s: got %t, %t, %v, want %t, %t", test.name, ok, outdated, err, test.ok, test.outdated)
		}
	}
}

func TestHashNeverCuts(t *testing.T) {
	for name, most := range map[string]int{"argon2id": domain.MaxPasswordBytes, "bcrypt": 72} {
		hasher := open(t, configs[name])
		if got := hasher.MaxPasswordBytes(); got != most {
			t.Errorf("%s takes %d bytes, want %d", name, got, most)
		}
		if _, err := hasher.Hash(t.Context(), network, secretPassword(strings.Repeat("p", most))); err != nil {
			t.Errorf("%s, the longest: %v", name, err)
		}
		_, err := hasher.Hash(t.Context(), network, secretPassword(strings.Repeat("p", most+1)))
		if !errors.Is(err, &domain.Error{Code: domain.CodeValidationFailed}) {
			t.Errorf("%s, one byte more: got %v, want a validation error", name, err)
		}
	}
}

// Were the decoy ever somebody's hash, its password would open every account that does not exist.
func TestZeroHashIsNobodysWhateverTheDecoy(t *testing.T) {
	hasher := open(t, configs["argon2id"])
	hash, err := hasher.Hash(t.Context(), network, secretPassword("password"))
	if err != nil {
		t.Fatal(err)
	}
	if hasher.decoy, err = parse(hash.Reveal()); err != nil {
		t.Fatal(err)
	}
	if ok, outdated, err := hasher.Verify(t.Context(), network, secretPassword("password"), domain.Secret{}); ok || outdated || err != nil {
		t.Errorf("got %t, %t, %v", ok, outdated, err)
	}
}

func TestVerifyQueuesForTheZeroHashToo(t *testing.T) {
	hasher := open(t, Config{Argon2: cheap, Workers: 1, Queue: 1})
	work := &counting{stored: hasher.decoy}
	hasher.decoy = work
	if _, _, err := hasher.Verify(t.Context(), network, secretPassword("password"), domain.Secret{}); err != nil || work.n != 1 {
		t.Errorf("hashed %d times, %v, want once", work.n, err)
	}
}

func TestCallersQueueByTheirNetwork(t *testing.T) {
	inPool(t, 1, 0, func(t *testing.T, p *pool) {
		hasher := &Hasher{today: cheap, decoy: cheap.decoy(), pool: p}
		release := occupy(t, p)
		var callers sync.WaitGroup
		for network, call := range map[string]func() error{
			"a": func() error { _, err := hasher.Hash(t.Context(), "a", secretPassword("password")); return err },
			"b": func() error {
				_, _, err := hasher.Verify(t.Context(), "b", secretPassword("password"), domain.Secret{})
				return err
			},
		} {
			callers.Go(func() {
				if err := call(); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
			if p.queue.lines[network] == nil {
				t.Errorf("nobody of %s waits", network)
			}
		}
		release()
		callers.Wait()
	})
}

// counting counts the work done on a hash.
type counting struct {
	stored
	n int
}

func (c *counting) matches(m *memory, password string) bool {
	c.n++
	return c.stored.matches(m, password)
}

func TestNewPanicsOnWhatVerifyWouldRefuse(t *testing.T) {
	for name, config := range map[string]Config{
		"an unknown algorithm": {Algorithm: "md5"},
		"too much memory":      {Argon2: Argon2Params{1 << 30, 1, 1}},
		"no time":              {Argon2: Argon2Params{Memory: 8, Threads: 1}},
		"too high a cost":      {Algorithm: Bcrypt, BcryptCost: 15},
		"too low a cost":       {Algorithm: Bcrypt, BcryptCost: 3},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("was taken")
				}
			}()
			New(config)
		})
	}
}

func BenchmarkHash(b *testing.B) {
	for name, config := range map[string]Config{"argon2id": {}, "bcrypt": {Algorithm: Bcrypt}} {
		b.Run(name, func(b *testing.B) {
			hasher := open(b, config)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := hasher.Hash(b.Context(), network, secretPassword("correct horse")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for name, config := range map[string]Config{"argon2id": {}, "bcrypt": {Algorithm: Bcrypt}} {
		b.Run(name, func(b *testing.B) {
			hasher := open(b, config)
			hash, err := hasher.Hash(b.Context(), network, secretPassword("correct horse"))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if ok, _, err := hasher.Verify(b.Context(), network, secretPassword("correct horse"), hash); err != nil || !ok {
					b.Fatal(ok, err)
				}
			}
		})
	}
}
