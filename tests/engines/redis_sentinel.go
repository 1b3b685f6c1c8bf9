package engines

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// SentinelMaster is the name by which RedisSentinel's Sentinel knows the primary.
const SentinelMaster = "latchkey"

var redisSentinel = engine{name: "Redis Sentinel", ways: []way{{process, startSentinel}}}

// RedisSentinel is the address of a Sentinel that knows of one primary, by the name SentinelMaster, which is empty.
// There is one in a test process, so tests that use it do not run in parallel.
func RedisSentinel(t testing.TB) string {
	t.Helper()
	sentinel, primary, _ := strings.Cut(redisSentinel.find(t), ",")
	if err := flushAll(t.Context(), primary); err != nil {
		t.Fatalf("empty the primary: %v", err)
	}
	return sentinel
}

func startSentinel(ctx context.Context) (string, error) {
	primary, err := startRedis(ctx, "--save", "")
	if err != nil {
		return "", err
	}
	atEnd(primary.end)
	sentinel, err := watch(ctx, primary.addr)
	if err != nil {
		return "", err
	}
	atEnd(sentinel.end)
	return sentinel.addr + "," + primary.addr, nil
}

// watch starts a Sentinel that knows the primary at an address. Whoever calls it ends it.
func watch(ctx context.Context, primary string) (*server, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, missingf("no redis-server on the PATH")
	}
	dir, err := tempDir()
	if err != nil {
		return nil, err
	}
	host, port, _ := strings.Cut(primary, ":")
	config := filepath.Join(dir, "sentinel.conf") // which it rewrites
	monitor := strings.Join([]string{"sentinel monitor", SentinelMaster, host, port, "1\n"}, " ")
	if err := os.WriteFile(config, []byte(monitor), 0o600); err != nil {
		return nil, err
	}
	args := func(port string) []string {
		return []string{config, "--sentinel", "--port", port, "--bind", "127.0.0.1", "--dir", dir}
	}
	return startServer(ctx, dir, program, args, answersPing)
}
