package express_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// installTimeout bounds how long the packages may take to come.
const installTimeout = 3 * time.Minute

// accessSecret is what the back end signs access tokens with, and its other services check them.
const accessSecret = "an access secret of 32 bytes or more"

// backend is the program in the folder backend, with the packages that it needs.
type backend struct{ dir string }

// install fetches the packages. Without Node.js, npm or a registry the test is skipped, unless everything is required.
func install(t *testing.T) backend {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			skip(t, err.Error())
		}
	}
	b := backend{filepath.Join(t.TempDir(), "backend")}
	must(t, os.CopyFS(b.dir, os.DirFS("backend")))
	ctx, cancel := context.WithTimeout(t.Context(), installTimeout)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--no-update-notifier")
	npm.Dir = b.dir
	if out, err := npm.CombinedOutput(); err != nil {
		skip(t, "the packages cannot be fetched: "+string(out))
	}
	return b
}

func skip(t *testing.T, missing string) {
	t.Helper()
	if required := os.Getenv("LATCHKEY_TEST_REQUIRE"); required != "" {
		t.Fatalf("LATCHKEY_TEST_REQUIRE is %q: %s", required, missing)
	}
	t.Skip(missing)
}

// start starts the program on a database. It answers where it serves, and stops it, which the end of the test does at
// the latest.
func (b backend) start(t *testing.T, database string) (url string, stop func()) {
	t.Helper()
	node := exec.Command("node", "app.js")
	node.Dir, node.Stderr = b.dir, os.Stderr
	node.Env = append(os.Environ(), "PORT=0", "MONGODB_URI="+database, "ACCESS_TOKEN_SECRET="+accessSecret, "REFRESH_TOKEN_SECRET=refresh")
	out, err := node.StdoutPipe()
	must(t, err)
	must(t, node.Start())
	t.Cleanup(func() { _ = node.Process.Kill() }) // unless it was stopped
	said, err := bufio.NewReader(out).ReadString('\n')
	port, ok := strings.CutPrefix(strings.TrimSpace(said), "Server is running at port ")
	if !ok {
		t.Fatalf("Express says %q: %v", said, err)
	}
	return "http://127.0.0.1:" + port, func() {
		t.Helper()
		must(t, node.Process.Signal(syscall.SIGTERM))
		_, _ = io.Copy(io.Discard, out)
		must(t, node.Wait())
	}
}
