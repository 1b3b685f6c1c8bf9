package sqlite

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/latchkey-auth/latchkey/domain"
)

// cacheSize bounds how many users and how many sessions are kept in memory: those that were used last.
const cacheSize = 1 << 13

// cache keeps users and sessions as the database has them. Reading one again costs the question whether anybody has
// written since, which every read asks anew: none is older than a commit that was there when it began.
//
// What the watcher tells moves with every commit. SQLite counts, for each connection, the states of the database that
// others have left behind; what the writer's counts moves with the commits of other processes alone. When another process
// has written, everything is forgotten. Of its own writes this process tells the cache, once they are committed.
type cache struct {
	watch *watcher // whose one connection is held by whoever uses what follows

	version  version // of the state that is kept
	foreign  int64   // what the writer's connection counted then
	state    uint64  // moves with what is kept, unless that is only more of the same state; never 0
	users    *simplelru.LRU[domain.UserID, domain.User]
	sessions *simplelru.LRU[sessionKey, domain.Session]

	// committing is true while a commit of this process may be seen that the cache was not told of yet.
	committing atomic.Bool
}

// sessionKey is how sessions are asked for.
type sessionKey struct {
	userID domain.UserID
	id     domain.SessionID
}

// uncounted is what SQLite never counts.
const uncounted = -1

func newCache(watch *watcher) *cache {
	k := &cache{watch: watch, foreign: uncounted}
	k.users, _ = simplelru.NewLRU[domain.UserID, domain.User](cacheSize, nil) // fails for sizes under 1
	k.sessions, _ = simplelru.NewLRU[sessionKey, domain.Session](cacheSize, nil)
	k.forget()
	return k
}

// look calls find, if what is kept is what the database holds. The state that it answers is for keep, 0 where nothing
// may be kept.
func (k *cache) look(ctx context.Context, find func()) (state uint64, err error) {
	err = k.watch.hold(ctx, func(c *conn) error {
		now, err := k.watch.version(c)
		switch {
		case err != nil:
			return err
		case now == (version{}): // which one it is, only reading tells
			return nil
		case now == k.version:
			find()
		case k.committing.Load(): // which explains it, or hides what another process wrote
			return nil
		default:
			k.forget()
			k.version = now
		}
		state = k.state
		return nil
	})
	return state, err
}

// keep takes in what was read after looking, unless it may be outdated by now.
func (k *cache) keep(ctx context.Context, state uint64, add func()) {
	if state == 0 {
		return
	}
	_ = k.watch.hold(ctx, func(*conn) error { // what is not kept is read again
		if state == k.state {
			add()
		}
		return nil
	})
}

// forget forgets everything.
func (k *cache) forget() {
	k.users.Purge()
	k.sessions.Purge()
	k.state++
}
