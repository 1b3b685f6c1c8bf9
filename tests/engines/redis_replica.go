package engines

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Pair is a Redis server with a replica that follows it. The pair is one test's own.
type Pair struct {
	t                testing.TB
	primary, replica *server
	serving          atomic.Pointer[server]
}

// RedisReplica starts a Redis server and a replica of it.
func RedisReplica(t testing.TB) *Pair {
	t.Helper()
	p := &Pair{t: t, primary: ownRedis(t), replica: ownRedis(t)}
	p.serving.Store(p.primary)
	p.follow(p.primary.addr)
	p.Sync()
	return p
}

// ownRedis starts a server that ends with the test.
func ownRedis(t testing.TB) *server {
	t.Helper()
	var s *server
	own := engine{name: "Redis", ways: []way{{process, func(ctx context.Context) (_ string, err error) {
		s, err = startRedis(ctx, "--save", "", "--repl-diskless-sync-delay", "0")
		return "", err
	}}}}
	own.find(t)
	t.Cleanup(func() { _ = s.end() })
	return s
}

// Replica is the URL of the server that follows.
func (p *Pair) Replica() string { return redisURL(p.replica.addr) }

// Dial connects to the server that serves at this moment, whatever the address, as a virtual address would.
func (p *Pair) Dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, p.serving.Load().addr)
}

// Sync waits until the replica has all that the primary has been told.
func (p *Pair) Sync() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), startTimeout)
	defer cancel()
	client := node(p.primary.addr)
	defer func() { _ = client.Close() }()
	err := p.replica.until(ctx, func() error {
		// The replica is asked for what it has got by WAIT, and only after a write.
		if err := client.Set(ctx, "latchkey-test-sync", "", time.Millisecond).Err(); err != nil {
			return err
		}
		if n, err := client.Wait(ctx, 1, time.Second).Result(); n != 1 {
			return fmt.Errorf("%d replicas are in sync, %v", n, err)
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// Cut has the replica miss what is written from now on.
func (p *Pair) Cut() {
	p.t.Helper()
	nowhere, _, err := freePort()
	if err != nil {
		p.t.Fatal(err)
	}
	p.follow(nowhere)
}

// Promote kills the primary and makes the replica the one that serves.
func (p *Pair) Promote() {
	p.t.Helper()
	if err := p.primary.end(); err != nil {
		p.t.Fatal(err)
	}
	p.follow("NO:ONE")
	p.serving.Store(p.replica)
}

// follow has the replica follow the server at an address.
func (p *Pair) follow(addr string) {
	p.t.Helper()
	client := node(p.replica.addr)
	defer func() { _ = client.Close() }()
	host, port, _ := strings.Cut(addr, ":")
	if err := client.Do(p.t.Context(), "replicaof", host, port).Err(); err != nil {
		p.t.Fatalf("replicate from %s: %v", addr, err)
	}
}
