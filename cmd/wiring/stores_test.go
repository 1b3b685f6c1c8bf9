package wiring

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/deadline"
	"github.com/latchkey-auth/latchkey/cmd/config"
)

// Only where nothing is kept but in memory does no call need a deadline.
func TestStoresThatMayHangHaveDeadlines(t *testing.T) {
	var file config.StoreURL
	if err := file.UnmarshalText([]byte("sqlite:" + filepath.Join(t.TempDir(), "latchkey.db"))); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		users, sessions config.StoreURL
		want            bool
	}{
		"memory":          {config.Memory, config.Memory, false},
		"users on disk":   {file, config.Memory, true},
		"sessions on it":  {config.Memory, file, true},
		"both on the one": {file, file, true},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config.Config{UserStore: tc.users, TokenStore: tc.sessions, RequestTimeout: config.Timeout(time.Second)}
			s, err := openStores(t.Context(), cfg, time.Now, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			_, users := s.users.(*deadline.Users)
			_, sessions := s.sessions.(*deadline.Sessions)
			_, callers := s.callers.(*deadline.Callers)
			if users != tc.want || sessions != tc.want || callers != tc.want {
				t.Errorf("users %v, sessions %v, callers %v, want %v", users, sessions, callers, tc.want)
			}
		})
	}
}
