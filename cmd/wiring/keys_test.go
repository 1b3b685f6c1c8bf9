package wiring_test

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
)

// A process notices by itself what operators do with keys, without a restart.
func TestKeysAreNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, err := config.Parse(map[string]string{"DATA_DIR": t.TempDir(), "USER_STORE": "memory:", "TOKEN_STORE": "memory:"})
		must(t, err)
		var log bytes.Buffer
		latchkey, err := wiring.Open(t.Context(), cfg, wiring.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Now: time.Now})
		must(t, err)
		id, err := jwt.KeyFolder{Dir: filepath.Join(cfg.DataDir, "keys"), Now: time.Now}.Add()
		must(t, err)
		time.Sleep(jwt.ReloadEvery)
		synctest.Wait()
		must(t, latchkey.Close())
		if got := log.String(); !strings.Contains(got, "event=key_rotated") || !strings.Contains(got, "key_id="+id+" step=added") {
			t.Errorf("the log has %s", got)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
