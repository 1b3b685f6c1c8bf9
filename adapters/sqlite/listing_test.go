package sqlite

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestListing(t *testing.T) {
	porttest.TestUserLister(t, func(t *testing.T) porttest.ListedUsers { return openAt(t, newPath(t), time.Now).Users() })
	porttest.TestSessionLister(t, func(t *testing.T, now func() time.Time) porttest.ListedSessions {
		return openAt(t, newPath(t), now).Sessions()
	})
}
