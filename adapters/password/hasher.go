// Package password hashes passwords with Argon2id or bcrypt, only so many at once.
package password

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// Algorithm names a way to hash.
type Algorithm string

// The algorithms that new hashes are made with. Verify takes both, whatever the setting.
const (
	Argon2id Algorithm = "argon2id"
	Bcrypt   Algorithm = "bcrypt"
)

// Config says how new hashes are made, and how many at once. Its zero value is the default.
type Config struct {
	// Algorithm is Argon2id where empty.
	Algorithm Algorithm
	// Argon2 is DefaultArgon2 where zero.
	Argon2 Argon2Params
	// BcryptCost is DefaultBcryptCost where zero.
	BcryptCost int
	// Workers is how many hashes are computed at once; where zero, as many as there are processors that this process
	// may use, or as a quota of its control group allows.
	Workers int
	// Queue bounds the callers that wait for a worker; where zero, they are as many as can begin within 5 seconds.
	Queue int
	// Room, where given, is told Workers when hashes begin, and zero when none has been computed for a while: by how
	// many threads the program is to run more at once. It is called by one goroutine at a time, may take
	// long, and is not called after Close.
	Room func(workers int)
}

// Hasher is a ports.PasswordHasher.
//
// On Linux its workers have threads of their own, of the lowest priority, so that a storm of sign-ins takes only the
// time that nothing else needs. For the kernel to choose between them and the rest of the program, Go must run both at
// once: a program that serves anything beside raises GOMAXPROCS as Room says. No Hasher does so itself, since that
// setting is the program's.
type Hasher struct {
	today scheme
	decoy stored
	pool  *pool
}

var _ ports.PasswordHasher = (*Hasher)(nil)

// scheme is how hashes are made today.
type scheme interface {
	// hash makes a new hash with a fresh salt.
	hash(m *memory, password string) (string, error)
	// maxBytes is how long a password may be without being cut.
	maxBytes() int
	// decoy is a hash of nobody's password that costs what a real one costs.
	decoy() stored
	// outdated reports whether the hash is another than this scheme makes.
	outdated(stored) bool
}

// stored is a hash that was parsed, and so is worth its cost.
type stored interface {
	matches(m *memory, password string) bool
	// proves reports whether a password that matches is all of what the hash was made of, and nothing more.
	proves(password string) bool
}

// New builds a Hasher. It panics where the configuration asks for hashes that Verify would refuse as absurd.
func New(c Config) *Hasher {
	today, err := c.scheme()
	if err != nil {
		panic("password: " + err.Error())
	}
	return &Hasher{today: today, decoy: today.decoy(), pool: newPool(c)}
}

func (c Config) scheme() (scheme, error) {
	switch c.Algorithm {
	case "", Argon2id:
		params := c.Argon2
		if params == (Argon2Params{}) {
			params = DefaultArgon2
		}
		return params, params.check()
	case Bcrypt:
		cost := bcryptCost(c.BcryptCost)
		if cost == 0 {
			cost = DefaultBcryptCost
		}
		return cost, cost.check()
	}
	return nil, fmt.Errorf("unknown algorithm %q", c.Algorithm)
}

// MaxPasswordBytes is how long a new password may be without being cut, for domain.PasswordPolicy.
func (h *Hasher) MaxPasswordBytes() int { return h.today.maxBytes() }

// Close ends the workers, once they have done what they are at. Who waits, or comes later, gets ports.ErrUnavailable.
// A Hasher that is not closed keeps no thread either when nobody has used it for a while.
func (h *Hasher) Close() { h.pool.close() }

// Hash implements ports.PasswordHasher.
func (h *Hasher) Hash(ctx context.Context, network string, password domain.Password) (domain.Secret, error) {
	// A password that was cut could be guessed by whoever knows its beginning.
	if limit := h.MaxPasswordBytes(); len(password.Reveal()) > limit {
		return domain.Secret{}, domain.Invalid("password", fmt.Sprintf("must have at most %d bytes", limit))
	}
	var (
		made    string
		failure error
	)
	if err := h.pool.run(ctx, network, func(m *memory) { made, failure = h.today.hash(m, password.Reveal()) }); err != nil {
		return domain.Secret{}, err
	}
	return domain.NewSecret(made), failure
}

// Verify implements ports.PasswordHasher.
func (h *Hasher) Verify(ctx context.Context, network string, password domain.Password, hash domain.Secret) (ok, outdated bool, err error) {
	known, nobody := h.decoy, hash.IsZero()
	if !nobody {
		if known, err = parse(hash.Reveal()); err != nil {
			return false, false, err
		}
	}
	if err := h.pool.run(ctx, network, func(m *memory) { ok = known.matches(m, password.Reveal()) }); err != nil {
		return false, false, err
	}
	ok = ok && !nobody
	return ok, ok && h.today.outdated(known) && known.proves(password.Reveal()), nil
}
