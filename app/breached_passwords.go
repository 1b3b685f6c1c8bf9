package app

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// refuseBreached refuses a new password that is known from a breach. Asking may take a while: it comes after all that is
// cheap, and before hashing, which is dear.
func refuseBreached(ctx context.Context, breached ports.BreachedPasswords, field string, password domain.Password) error {
	if breached != nil && breached.Contains(ctx, password) {
		return domain.Breached(field)
	}
	return nil
}
