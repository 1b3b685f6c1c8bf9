package password

import (
	"errors"
	"strings"
)

// errDamaged says nothing of the hash itself, since errors are logged.
var errDamaged = errors.New("password: the stored hash is damaged, of an unknown kind or absurdly costly")

// maxHashBytes is more than the longest hash that is accepted has.
const maxHashBytes = 512

// parse reads a hash in PHC string format or in bcrypt's own, whoever made it. What it accepts is bounded in time and memory.
func parse(hash string) (stored, error) {
	switch {
	case len(hash) > maxHashBytes:
		return nil, errDamaged
	case strings.HasPrefix(hash, "$argon2id$"):
		return parseArgon2(hash)
	default:
		return parseBcrypt(hash)
	}
}
