package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/latchkey-auth/latchkey/adapters/password/internal/argon2"
	"github.com/latchkey-auth/latchkey/domain"
)

// Argon2Params is the cost of an Argon2id hash.
type Argon2Params struct {
	Memory  uint32 // KiB
	Time    uint32
	Threads uint8
}

// DefaultArgon2 is what OWASP's Password Storage Cheat Sheet recommends.
var DefaultArgon2 = Argon2Params{Memory: 19 * 1024, Time: 2, Threads: 1}

// The lengths of new hashes, in bytes (RFC 9106, section 4).
const (
	argon2SaltBytes = 16
	argon2KeyBytes  = 32
)

// What a stored hash may cost at most: 256 MiB and about three seconds.
const (
	maxArgon2Memory  = 256 * 1024
	maxArgon2Time    = 16
	maxArgon2Threads = 16
)

// check bounds the cost. Less than 8 KiB a thread is not Argon2 (RFC 9106, section 3.1).
func (p Argon2Params) check() error {
	switch {
	case p.Threads < 1 || p.Threads > maxArgon2Threads,
		p.Time < 1 || p.Time > maxArgon2Time,
		p.Memory < 8*uint32(p.Threads) || p.Memory > maxArgon2Memory:
		return errors.New("argon2id parameters are out of bounds")
	}
	return nil
}

func (p Argon2Params) key(m *memory, password string, salt []byte, length int) []byte {
	blocks := m.exactly(argon2.Blocks(p.Memory, p.Threads))
	return argon2.IDKey(blocks, []byte(password), salt, p.Time, p.Memory, p.Threads, uint32(length))
}

func (p Argon2Params) hash(m *memory, password string) (string, error) {
	salt := make([]byte, argon2SaltBytes)
	_, _ = rand.Read(salt) // never fails
	return argon2Hash{p, salt, p.key(m, password, salt, argon2KeyBytes)}.String(), nil
}

func (p Argon2Params) maxBytes() int { return domain.MaxPasswordBytes }

func (p Argon2Params) decoy() stored {
	return argon2Hash{p, make([]byte, argon2SaltBytes), make([]byte, argon2KeyBytes)}
}

func (p Argon2Params) outdated(s stored) bool {
	h, ok := s.(argon2Hash)
	return !ok || h.params != p || len(h.salt) < argon2SaltBytes || len(h.key) < argon2KeyBytes
}

// argon2Hash is a hash that was parsed.
type argon2Hash struct {
	params Argon2Params
	salt   []byte
	key    []byte
}

// matches compares in constant time: how far two keys agree would help guessing without the hash.
func (h argon2Hash) matches(m *memory, password string) bool {
	return subtle.ConstantTimeCompare(h.params.key(m, password, h.salt, len(h.key)), h.key) == 1
}

// proves: Argon2 looks at every byte.
func (h argon2Hash) proves(string) bool { return true }

// String is the hash in PHC string format.
func (h argon2Hash) String() string {
	p, b64 := h.params, phcBase64
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, p.Memory, p.Time, p.Threads, b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

// phcBase64 refuses stray bits at the end, so that one hash has one spelling.
var phcBase64 = base64.RawStdEncoding.Strict()

// phcForm takes each parameter once, in its place, without leading zeros: salts of 8 to 64 bytes, keys of 16 to 128.
var phcForm = regexp.MustCompile(`^\$argon2id\$v=19` +
	`\$m=([1-9][0-9]{0,8}),t=([1-9][0-9]{0,2}),p=([1-9][0-9]{0,2})` +
	`\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,171})$`)

func parseArgon2(hash string) (stored, error) {
	form := phcForm.FindStringSubmatch(hash)
	if form == nil {
		return nil, errDamaged
	}
	memory, errM := strconv.ParseUint(form[1], 10, 32)
	time, errT := strconv.ParseUint(form[2], 10, 32)
	threads, errP := strconv.ParseUint(form[3], 10, 8)
	salt, errS := phcBase64.DecodeString(form[4])
	key, errK := phcBase64.DecodeString(form[5])
	if errors.Join(errM, errT, errP, errS, errK) != nil {
		return nil, errDamaged
	}
	params := Argon2Params{uint32(memory), uint32(time), uint8(threads)}
	if params.check() != nil {
		return nil, errDamaged
	}
	return argon2Hash{params, salt, key}, nil
}
