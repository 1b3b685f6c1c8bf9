package app_test

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func TestSideBySide(t *testing.T) {
	porttest.TestCallers(t, func(_ *testing.T, now func() time.Time) porttest.CallerStores {
		users, sessions := memory.NewUsers(), memory.NewSessions(now)
		return porttest.CallerStores{Users: users, Sessions: sessions, Callers: app.SideBySide(sessions, users)}
	})
}
