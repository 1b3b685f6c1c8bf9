package engines

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

// clusterSize is the smallest cluster that Redis supports.
const clusterSize = 3

// slots is how many hash slots there are.
const slots = 16384

var redisCluster = engine{name: "Redis Cluster", ways: []way{{process, startCluster}}}

// RedisCluster is the addresses of the primaries of a Redis Cluster, which is empty. There is one cluster in a test
// process, so tests that use it do not run in parallel.
func RedisCluster(t testing.TB) []string {
	t.Helper()
	nodes := strings.Split(redisCluster.find(t), ",")
	for _, addr := range nodes {
		if err := flushAll(t.Context(), addr); err != nil {
			t.Fatalf("empty the cluster: %v", err)
		}
	}
	return nodes
}

func flushAll(ctx context.Context, addr string) error {
	client := node(addr)
	defer func() { _ = client.Close() }()
	return client.FlushAll(ctx).Err()
}

// node is a client of one server, which does not try again.
func node(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{Addr: addr, MaxRetries: -1, ContextTimeoutEnabled: true})
}

// member is a server of a cluster in the making.
type member struct {
	*server
	*goredis.Client
	bus string // the port on which members talk to each other
}

func startCluster(ctx context.Context) (string, error) {
	var members []member
	var addrs []string
	for range clusterSize {
		m, err := startMember(ctx)
		if err != nil {
			return "", err
		}
		members, addrs = append(members, m), append(addrs, m.addr)
	}
	return strings.Join(addrs, ","), form(ctx, members)
}

// form makes a cluster of servers that have not met.
func form(ctx context.Context, members []member) error {
	defer func() {
		for _, m := range members {
			_ = m.Close()
		}
	}()
	for i, m := range members {
		if err := m.join(ctx, i, members[0]); err != nil {
			return fmt.Errorf("form a cluster: %w", err)
		}
	}
	for _, m := range members {
		if err := m.until(ctx, func() error { return m.isComplete(ctx) }); err != nil {
			return err
		}
	}
	return nil
}

func startMember(ctx context.Context) (member, error) {
	_, bus, err := freePort()
	if err != nil {
		return member{}, err
	}
	s, err := startRedis(ctx, "--save", "", "--cluster-enabled", "yes", "--cluster-port", bus)
	if err != nil {
		return member{}, err
	}
	atEnd(s.end)
	return member{s, node(s.addr), bus}, nil
}

// join takes the i-th share of the slots and meets the first member.
func (m member) join(ctx context.Context, i int, first member) error {
	host, port, err := net.SplitHostPort(first.addr)
	if err != nil {
		return err
	}
	return errors.Join(
		m.ClusterAddSlotsRange(ctx, i*slots/clusterSize, (i+1)*slots/clusterSize-1).Err(),
		m.Do(ctx, "cluster", "set-config-epoch", i+1).Err(),
		m.Do(ctx, "cluster", "meet", host, port, first.bus).Err(),
	)
}

// isComplete is an error until the member knows all others and serves all slots.
func (m member) isComplete(ctx context.Context) error {
	info, err := m.ClusterInfo(ctx).Result()
	if err != nil {
		return err
	}
	for _, want := range []string{"cluster_state:ok", "cluster_slots_ok:" + strconv.Itoa(slots), "cluster_size:" + strconv.Itoa(clusterSize)} {
		if !strings.Contains(info, want) {
			return fmt.Errorf("the cluster is not %s", want)
		}
	}
	return nil
}
