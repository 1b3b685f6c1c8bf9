package password

import (
	"errors"
	"strings"
)

// errDamaged says nothing of the hash itself, since errors are logged.
var errDamaged = errors.New("password: the stored hash is damaged, of an unknown kind or absurdly costly")

// parse reads a hash in PHC string format or in bcrypt's own, whoever made it. What it accepts is bounded in time and memory.
func parse(hash string) (stored, error) {
	if strings.HasPrefix(hash, "$argon2id$") {
		return parseArgon2(hash)
	}
	return parseBcrypt(hash)
}
