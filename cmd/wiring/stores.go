package wiring

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/deadline"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// stores is the two stores of the settings, over one or two engines.
type stores struct {
	users    ports.UserRepository
	sessions ports.TokenStore
	callers  ports.Callers // nil where one store is best read after the other
	engines  map[config.StoreURL]engine
	timeout  time.Duration
}

// openStores opens each engine once, even where it serves for both.
func openStores(ctx context.Context, cfg config.Config, now func() time.Time) (_ *stores, err error) {
	s := &stores{engines: map[config.StoreURL]engine{}, timeout: time.Duration(cfg.RequestTimeout)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	users, err := s.open(ctx, cfg, "USER_STORE", cfg.UserStore, now)
	if err != nil {
		return nil, err
	}
	sessions, err := s.open(ctx, cfg, "TOKEN_STORE", cfg.TokenStore, now)
	if err != nil {
		return nil, err
	}
	s.users = deadline.Users{UserRepository: users.Users(), Timeout: s.timeout}
	s.sessions = deadline.Sessions{TokenStore: sessions.Sessions(), Timeout: s.timeout}
	s.callers = s.readers(users, sessions, cfg.UserStore.Remote() && cfg.TokenStore.Remote())
	return s, nil
}

// readers is what reads a session with its user: the engine, where it is one that can.
func (s *stores) readers(users, sessions engine, remote bool) ports.Callers {
	if both, ok := users.(ports.Callers); ok && users == sessions {
		return deadline.Callers{Callers: both, Timeout: s.timeout}
	}
	if remote {
		return app.SideBySide(s.sessions, s.users)
	}
	return nil
}

// open opens the engine at a URL. Where that fails, the error blames the setting that named it.
func (s *stores) open(ctx context.Context, cfg config.Config, setting string, url config.StoreURL, now func() time.Time) (engine, error) {
	if opened, ok := s.engines[url]; ok {
		return opened, nil
	}
	opened, err := openEngine(ctx, url, now)
	_, atPath := errors.AsType[*fs.PathError](err)
	switch {
	case err != nil && atPath && strings.HasPrefix(url.Path(), filepath.Join(cfg.DataDir, "latchkey.db")):
		return nil, dataDirError(cfg, err)
	case err != nil && url == cfg.MongoDBURI:
		return nil, config.Wrong("MONGODB_URI", url.String(), cause(err))
	case err != nil:
		return nil, config.Wrong(setting, url.String(), cause(err))
	}
	s.engines[url] = opened
	return opened, nil
}

// Ping reports whether every engine answers in time.
func (s *stores) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	for _, e := range s.engines {
		if err := e.Ping(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Close closes every engine.
func (s *stores) Close() error {
	var errs []error
	for _, e := range s.engines {
		errs = append(errs, e.Close())
	}
	return errors.Join(errs...)
}
