package engines

import (
	"context"
	"fmt"
	"os/exec"
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

// databases is how many logical databases a server that is started here has. Each test takes one.
const databases = "64"

var redis = engine{name: "Redis", ways: []way{
	atAddress("LATCHKEY_TEST_REDIS_URL"),
	inContainer(image{
		name: "redis:8", variable: "LATCHKEY_TEST_REDIS_IMAGE", port: "6379/tcp",
		command: append([]string{"redis-server", "--protected-mode", "no"}, redisSettings...),
		url:     redisURL,
	}),
	{process, redisProcess},
}}

// redisSettings keep nothing on the disk.
var redisSettings = []string{"--save", "", "--databases", databases}

// Redis is the URL of a logical database of a Redis server that is empty and this test's alone. It is emptied when the
// test is over.
func Redis(t testing.TB) string {
	t.Helper()
	return leaseDatabase(t, redis.find(t))
}

func redisURL(addr string) string { return "redis://" + addr }

func redisProcess(ctx context.Context) (string, error) {
	s, err := startRedis(ctx, redisSettings...)
	if err != nil {
		return "", err
	}
	atEnd(s.end)
	return redisURL(s.addr), nil
}

// startRedis starts a redis-server with these settings. Whoever calls it ends it.
func startRedis(ctx context.Context, settings ...string) (*server, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, missingf("no redis-server on the PATH")
	}
	dir, err := tempDir()
	if err != nil {
		return nil, err
	}
	args := func(port string) []string {
		return append([]string{"--port", port, "--bind", "127.0.0.1", "--dir", dir}, settings...)
	}
	return startServer(ctx, dir, program, args, answersPing)
}

func answersPing(ctx context.Context, addr string) error {
	client := goredis.NewClient(&goredis.Options{Addr: addr, MaxRetries: -1, ContextTimeoutEnabled: true})
	defer func() { _ = client.Close() }()
	if err := client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	return nil
}
