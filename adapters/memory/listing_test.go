package memory

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestListing(t *testing.T) {
	porttest.TestUserLister(t, func(*testing.T) porttest.ListedUsers { return NewUsers() })
	porttest.TestSessionLister(t, func(_ *testing.T, now func() time.Time) porttest.ListedSessions { return NewSessions(now) })
}
