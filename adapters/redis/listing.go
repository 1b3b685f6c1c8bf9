package redis

import (
	"context"
	"errors"
	"iter"
	"sync"

	goredis "github.com/redis/go-redis/v9"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var (
	_ ports.UserLister    = (*Users)(nil)
	_ ports.SessionLister = (*Sessions)(nil)
)

// page is about how many keys are read at a time.
const page = 500

// errStop ends a listing whose reader wants no more.
var errStop = errors.New("stop")

// All implements ports.UserLister.
func (r *Users) All(ctx context.Context) iter.Seq2[domain.User, error] {
	return list(ctx, r.Store, usersPattern, func(key, value string) (u domain.User, ok bool, err error) {
		id, ok := parseUserKey(key)
		if !ok {
			return u, false, nil
		}
		record, err := restoreStored(value)
		if err != nil {
			return u, true, &ports.UnreadableError{ID: string(id), Err: err}
		}
		return record.user(id), true, nil
	})
}

// All implements ports.SessionLister.
func (r *Sessions) All(ctx context.Context) iter.Seq2[domain.Session, error] {
	now := r.now()
	return list(ctx, r.Store, sessionsPattern, func(key, value string) (s domain.Session, ok bool, err error) {
		userID, id, ok := parseSessionKey(key)
		if !ok {
			return s, false, nil
		}
		s, err = restoreSession(userID, id, value)
		if err != nil {
			return s, true, &ports.UnreadableError{ID: string(id), Err: err}
		}
		return s, !forgotten(s, now), nil
	})
}

// list returns what restore makes of every key of a pattern and its value, unless restore passes the key over.
func list[T any](ctx context.Context, s *Store, pattern string, restore func(key, value string) (T, bool, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := s.scan(ctx, pattern, func(key, value string) error {
			item, ok, unreadable := restore(key, value)
			if ok && !yield(item, unreadable) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			var none T
			yield(none, err)
		}
	}
}

// scan hands every key of the pattern that holds a text to take, with its value.
func (s *Store) scan(ctx context.Context, pattern string, take func(key, value string) error) error {
	nodes, err := s.primaries(ctx)
	if err != nil {
		return err
	}
	for _, node := range nodes {
		for cursor := uint64(0); ; {
			var keys []string
			if keys, cursor, err = node.ScanType(ctx, cursor, pattern, page, "string").Result(); err != nil {
				return translate(ctx, err)
			}
			if err := s.each(ctx, keys, take); err != nil {
				return err
			}
			if cursor == 0 {
				break
			}
		}
	}
	return nil
}

// each reads the keys together. Those that are gone by then are left out.
func (s *Store) each(ctx context.Context, keys []string, take func(key, value string) error) error {
	gets, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for _, key := range keys {
			p.Get(ctx, key)
		}
		return nil
	})
	if err := translate(ctx, err); err != nil {
		return err
	}
	for i, get := range gets {
		value, err := get.(*goredis.StringCmd).Result()
		if errors.Is(err, goredis.Nil) {
			continue
		}
		if err != nil {
			return translate(ctx, err)
		}
		if err := take(keys[i], value); err != nil {
			return err
		}
	}
	return nil
}

// primaries are the servers that each have a part of the keys.
func (s *Store) primaries(ctx context.Context) (nodes []goredis.Cmdable, err error) {
	if err := ctx.Err(); err != nil {
		return nil, translate(ctx, err)
	}
	cluster, ok := s.client.(*goredis.ClusterClient)
	if !ok {
		return []goredis.Cmdable{s.client}, nil
	}
	var mu sync.Mutex // they are visited at once
	err = cluster.ForEachMaster(ctx, func(_ context.Context, node *goredis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		nodes = append(nodes, node)
		return nil
	})
	return nodes, translate(ctx, err)
}
