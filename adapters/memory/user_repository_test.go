package memory

import (
	"testing"

	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestUsers(t *testing.T) {
	porttest.TestUserRepository(t, func(*testing.T) ports.UserRepository { return NewUsers() })
}
