package engines

import (
	"context"
	"strings"
	"testing"
)

// OwnRedisCluster starts a Redis Cluster and answers one of its primaries, without which the cluster does not serve.
// All of them have on the disk what they confirm.
func OwnRedisCluster(t testing.TB) *Own {
	t.Helper()
	var nodes []*Own
	var members []member
	var addrs []string
	for range clusterSize {
		_, bus, err := freePort()
		if err != nil {
			t.Fatal(err)
		}
		o := startOwn(t, "Redis Cluster", func() (*Own, error) {
			return durableRedis("--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", nodeTimeout)
		})
		nodes, addrs = append(nodes, o), append(addrs, o.Addr())
		members = append(members, member{o.server, node(o.Addr()), bus})
	}
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	if err := form(ctx, members); err != nil {
		t.Fatal(err)
	}
	nodes[0].url = func(string) string { return "redis+cluster://" + strings.Join(addrs, ",") }
	return nodes[0]
}

// nodeTimeout is after how many milliseconds without an answer a primary is taken for dead.
const nodeTimeout = "1000"
