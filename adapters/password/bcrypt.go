package password

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

// DefaultBcryptCost is what most back ends that hash with bcrypt use.
const DefaultBcryptCost = 10

// maxBcryptCost bounds what a stored hash may cost: 14 takes about a second, and every step more doubles that.
const maxBcryptCost = 14

// bcryptCost is the logarithm of the rounds.
type bcryptCost int

func (c bcryptCost) check() error {
	if c < bcryptCost(bcrypt.MinCost) || c > maxBcryptCost {
		return fmt.Errorf("bcrypt cost %d is out of bounds", c)
	}
	return nil
}

func (c bcryptCost) hash(_ *memory, password string) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), int(c))
	if err != nil {
		return "", fmt.Errorf("bcrypt: %w", err)
	}
	return string(hash), nil
}

// maxBcryptBytes is how much of a password bcrypt looks at.
const maxBcryptBytes = 72

func (c bcryptCost) maxBytes() int { return maxBcryptBytes }

// decoy has a salt and a key of zeros.
func (c bcryptCost) decoy() stored {
	return bcryptHash{c, fmt.Sprintf("$2a$%02d$", int(c)) + strings.Repeat(".", 53)}
}

func (c bcryptCost) outdated(s stored) bool {
	h, ok := s.(bcryptHash)
	return !ok || h.cost != c
}

// bcryptHash is a hash that was parsed.
type bcryptHash struct {
	cost bcryptCost
	hash string
}

// matches looks at the first 72 bytes of the password, as every bcrypt does: libraries that cut silently have made
// hashes of longer passwords, and their owners sign in here with what they have always typed.
func (h bcryptHash) matches(_ *memory, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(h.hash), []byte(password)) == nil
}

// proves takes no password that fills all that bcrypt looks at, since there may be more of it than was typed, or less;
// and none with a NUL, at which libraries in C stop, and by which bcrypt goes round the password again.
func (h bcryptHash) proves(password string) bool {
	return len(password) < maxBcryptBytes && !strings.Contains(password, "\x00")
}

// bcryptForm takes the three prefixes in use, which mean the same to every implementation without the bugs of old:
// "2a" the original, "2b" OpenBSD's, "2y" PHP's.
var bcryptForm = regexp.MustCompile(`^\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}$`)

func parseBcrypt(hash string) (stored, error) {
	form := bcryptForm.FindStringSubmatch(hash)
	if form == nil {
		return nil, errDamaged
	}
	n, err := strconv.Atoi(form[1])
	if err != nil || bcryptCost(n).check() != nil {
		return nil, errDamaged
	}
	return bcryptHash{bcryptCost(n), hash}, nil
}
