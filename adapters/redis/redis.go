// Package redis keeps users, sessions and what throttles count in Redis: a single server, one behind Sentinel, or a
// cluster.
//
// Everything about a user hangs on their id: a user's record and sessions are in one hash slot, so that one script can
// change them together. Names are in slots of their own, and are claimed one by one (see claims.go).
//
// How durable a write is, and whether a failover may lose it, is the engine's configuration. It takes
//
//	appendonly yes                # a write survives a restart
//	appendfsync always            # and a crash of the machine; the usual everysec may lose a second
//	maxmemory-policy noeviction   # nothing is thrown away to make room
//	min-replicas-to-write 1       # a primary that is cut off stops taking writes
//
// Sessions bear the loss of the newest writes by design. Users bear it as far as Redis does: where a failover loses a
// name's claim, and keeps the user's record on another shard, the name can be taken a second time.
//
// Scripts find a user's sessions by the names in an index, so they use keys that they do not declare, in the slot of
// one that they do. Redis and Valkey, from 7 on, allow that.
package redis

import (
	"context"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Store is a Redis database. Its Users and Sessions serve any number of callers at once.
type Store struct {
	client goredis.UniversalClient
	pipe   *goredis.AutoPipeliner
	now    func() time.Time
	// patience is for how many inquiries a writer waits for another's claim; see claims.go.
	patience int
}

// New is the store that the client reaches. Sessions expire by the clock now, which has to agree with the engine's.
// The client has to read from primaries alone, and to have ContextTimeoutEnabled. A goredis.Ring is refused: it sends
// nothing together.
func New(client goredis.UniversalClient, now func() time.Time) (*Store, error) {
	pipe, err := newPipe(client)
	if err != nil {
		return nil, err
	}
	return &Store{client, pipe, now, patience}, nil
}

// Users is the repository of users in this database.
func (s *Store) Users() *Users { return &Users{s} }

// Sessions is the store of sessions in this database.
func (s *Store) Sessions() *Sessions { return &Sessions{s} }

// Ping reports whether the engine answers; of a cluster, whether all primaries do.
func (s *Store) Ping(ctx context.Context) error {
	cluster, ok := s.client.(*goredis.ClusterClient)
	if !ok {
		return s.do(ctx, goredis.NewStatusCmd(ctx, "ping"))
	}
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, node *goredis.Client) error {
		return node.Ping(ctx).Err()
	})
	return translate(ctx, err)
}

// Close lets the connections go. Later calls get ErrUnavailable.
func (s *Store) Close() error { return s.client.Close() }

// do runs a command. It is sent with those that come at the same time, at most once, and not at all once the context has
// ended.
func (s *Store) do(ctx context.Context, cmd goredis.Cmder) error {
	if err := ctx.Err(); err != nil {
		return translate(ctx, err)
	}
	return translate(ctx, s.pipe.Submit(ctx, once{cmd, ctx}).WaitContext(ctx))
}

// get is the value of a key, "" where there is none.
func (s *Store) get(ctx context.Context, key string) (string, error) {
	cmd := goredis.NewStringCmd(ctx, "get", key)
	if err := s.do(ctx, cmd); err != nil {
		return "", err
	}
	return cmd.Val(), nil
}
