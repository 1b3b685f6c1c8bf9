package ports

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
)

// BreachedPasswords knows passwords that leaked somewhere.
type BreachedPasswords interface {
	// Contains reports whether the password is among them. It neither fails nor keeps its caller waiting for long: where
	// it cannot find out it says so in the log and answers false, since nobody is to be kept from choosing a password by
	// a service elsewhere that is down. Whoever it asks does not learn the password, nor enough of a hash to tell which.
	Contains(ctx context.Context, password domain.Password) bool
}
