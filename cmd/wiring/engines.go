package wiring

import (
	"context"
	"path/filepath"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/adapters/mongo"
	"github.com/latchkey-auth/latchkey/adapters/ownership"
	"github.com/latchkey-auth/latchkey/adapters/redis"
	"github.com/latchkey-auth/latchkey/adapters/sqlite"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// engine is a database that was opened; it keeps users, sessions, or both.
type engine interface {
	Users() ports.UserRepository
	Sessions() ports.TokenStore
	Ping(context.Context) error
	Close() error
}

// connectTimeout bounds how long an engine elsewhere may take to answer at the start.
const connectTimeout = 15 * time.Second

// openEngine is the one place that knows which adapter a URL asks for.
func openEngine(ctx context.Context, url config.StoreURL, now func() time.Time) (engine, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	switch url.Scheme() {
	case "memory":
		return memoryEngine{memory.NewUsers(), memory.NewSessions(now)}, nil
	case "sqlite":
		db, err := openSQLite(ctx, url.Path(), now)
		return sqliteEngine{db}, err
	case "mongodb", "mongodb+srv":
		store, err := mongo.Connect(ctx, url.Reveal(), now)
		return mongoEngine{store}, err
	}
	store, err := redis.Connect(ctx, url.Reveal(), now)
	return redisEngine{store}, err
}

func openSQLite(ctx context.Context, path string, now func() time.Time) (*sqlite.DB, error) {
	if err := ownership.MkdirAll(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := ownership.Create(path); err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, path, now)
}

// The adapters answer concrete types; an engine answers ports.

type memoryEngine struct {
	users    *memory.Users
	sessions *memory.Sessions
}

func (m memoryEngine) Users() ports.UserRepository { return m.users }
func (m memoryEngine) Sessions() ports.TokenStore  { return m.sessions }
func (m memoryEngine) Ping(context.Context) error  { return nil }
func (m memoryEngine) Close() error                { return nil }

type sqliteEngine struct{ *sqlite.DB }

func (s sqliteEngine) Users() ports.UserRepository { return s.DB.Users() }
func (s sqliteEngine) Sessions() ports.TokenStore  { return s.DB.Sessions() }

type mongoEngine struct{ *mongo.Store }

func (m mongoEngine) Users() ports.UserRepository { return m.Store.Users() }
func (m mongoEngine) Sessions() ports.TokenStore  { return m.Store.Sessions() }

type redisEngine struct{ *redis.Store }

func (r redisEngine) Users() ports.UserRepository { return r.Store.Users() }
func (r redisEngine) Sessions() ports.TokenStore  { return r.Store.Sessions() }

func (r redisEngine) Throttle(name string, limit config.Limit) ports.Throttle {
	return r.Store.Throttle(name, limit.Count, limit.Per)
}
