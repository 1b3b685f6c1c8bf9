package ports

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
)

// PasswordHasher turns passwords into hashes that are slow to guess from.
//
// Hashing costs time and memory on purpose, so only so many run at once. A caller that would wait too long for its
// turn gets domain.Busy, and one whose context ends first ErrUnavailable wrapping the context's error.
//
// The network is who the work is for (domain.Client.Network). Where callers wait, networks take turns, and in each it is
// first come, first served; where too many wait, the network with the most gives way. So those who flood the service keep
// nobody else from signing in.
type PasswordHasher interface {
	// Hash is a new hash of the password with a fresh salt, in PHC string format or in bcrypt's own. Where the
	// algorithm cannot take the whole password, the error is a validation error, never a silent cut.
	Hash(ctx context.Context, network string, password domain.Password) (domain.Secret, error)

	// Verify reports whether the hash is of that password, and, if so, whether it is outdated: made by another
	// algorithm or with other parameters than Hash uses today. A hash that proves a part of the password alone, as bcrypt's
	// of more than 72 bytes do, is not outdated: a new one would be of what was typed behind that part. A hash that is damaged or absurdly costly is an error,
	// found before any memory or time is spent on it. The zero hash is nobody's: verifying against it costs what
	// verifying against a hash made by Hash costs, and never succeeds, so that an unknown account takes as long as a
	// known one.
	Verify(ctx context.Context, network string, password domain.Password, hash domain.Secret) (ok, outdated bool, err error)
}
