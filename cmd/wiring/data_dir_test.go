package wiring_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
)

// A setting that takes the place of the secret made at the first start logs everybody out, so the log says it.
func TestASecretThatIsLeftOutIsSaid(t *testing.T) {
	dir := t.TempDir()
	if got := logOfStart(t, dir, ""); strings.Contains(got, "WARN") {
		t.Fatalf("the first start warns: %s", got)
	}
	old, err := os.ReadFile(filepath.Join(dir, "refresh_token_secret"))
	must(t, err)
	fresh := strings.Repeat("fresh", 8)
	for secrets, warned := range map[string]bool{
		fresh: true,
		fresh + "," + strings.TrimSpace(string(old)): false,
	} {
		got := logOfStart(t, dir, secrets)
		if strings.Contains(got, "leaves out the secret in DATA_DIR") != warned {
			t.Errorf("warned: want %v; the log has %s", warned, got)
		}
	}
}

// logOfStart starts the service with these secrets, stops it, and answers what it logged.
func logOfStart(t *testing.T, dataDir, secrets string) string {
	t.Helper()
	cfg, err := config.Parse(map[string]string{"DATA_DIR": dataDir, "REFRESH_TOKEN_SECRET": secrets, "USER_STORE": "memory:", "TOKEN_STORE": "memory:"})
	must(t, err)
	var log bytes.Buffer
	latchkey, err := wiring.Open(t.Context(), cfg, wiring.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Now: time.Now})
	must(t, err)
	must(t, latchkey.Close())
	return log.String()
}
