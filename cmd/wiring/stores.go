package wiring

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
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
	callers  ports.Callers
	engines  map[config.StoreURL]engine
	timeout  time.Duration
}

// openStores opens each engine once, even where it serves for both. The watch looks on; nil is nobody.
func openStores(ctx context.Context, cfg config.Config, now func() time.Time, on *watch) (_ *stores, err error) {
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
	s.users = on.users(cfg.UserStore, users.Users())
	s.sessions = on.sessions(cfg.TokenStore, sessions.Sessions())
	s.callers = callersOf(users, sessions, cfg, on)
	if !cfg.UserStore.InMemory() || !cfg.TokenStore.InMemory() {
		s.setDeadlines()
	}
	return s, nil
}

// setDeadlines has every call of the stores end in time. Memory needs none: to set a deadline takes longer than memory takes
// to answer.
func (s *stores) setDeadlines() {
	s.users = &deadline.Users{UserRepository: s.users, Timeout: s.timeout}
	s.sessions = &deadline.Sessions{TokenStore: s.sessions, Timeout: s.timeout}
	s.callers = &deadline.Callers{Callers: s.callers, Timeout: s.timeout}
}

// callersOf is what reads a session with its user: the engine, where it is one that can.
func callersOf(users, sessions engine, cfg config.Config, on *watch) ports.Callers {
	both, ok := users.(ports.Callers)
	switch {
	case ok && users == sessions:
		return on.callers(cfg.UserStore, both)
	case cfg.UserStore.Remote() && cfg.TokenStore.Remote():
		return app.SideBySide(on.sessions(cfg.TokenStore, sessions.Sessions()), on.users(cfg.UserStore, users.Users()))
	}
	return app.InTurn(on.sessions(cfg.TokenStore, sessions.Sessions()), on.users(cfg.UserStore, users.Users()))
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
	case url == cfg.MongoDBURI:
		setting = "MONGODB_URI"
	}
	switch {
	case errors.Is(err, ports.ErrUnavailable) && url.Remote():
		return nil, &unreachable{setting, url, err}
	case err != nil:
		return nil, config.Wrong(setting, url.String(), cause(err))
	}
	s.engines[url] = opened
	return opened, nil
}

// unreachable is an engine that does not answer at the start. Nothing may be wrong with the setting that names it.
type unreachable struct {
	setting string
	url     config.StoreURL
	cause   error
}

// Error says where the engine should be, and what came instead of an answer.
func (u *unreachable) Error() string {
	said := u.cause.Error()
	if _, inside, ok := strings.Cut(said, ports.Unavailable(errors.New("")).Error()); ok {
		said = inside // without our own words around it
	}
	return u.setting + ": " + u.url.Place() + " does not answer: " + said
}

// Unwrap is the cause.
func (u *unreachable) Unwrap() error { return u.cause }

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

// nameUnreadable warns of users who cannot sign in, because another program stored them in a way that Latchkey cannot
// read. Only a store that takes in collections of others has such users.
func (s *stores) nameUnreadable(ctx context.Context, cfg config.Config, log *slog.Logger) {
	store, ok := s.engines[cfg.UserStore].(interface {
		Unreadable(ctx context.Context) ([]error, error)
	})
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	users, err := store.Unreadable(ctx)
	if err != nil {
		log.Warn("could not look for users who cannot sign in", "error", err.Error())
	}
	for _, err := range users {
		log.Warn("a user cannot sign in", "error", err.Error())
	}
}

// Close closes every engine.
func (s *stores) Close() error {
	var errs []error
	for _, e := range s.engines {
		errs = append(errs, e.Close())
	}
	return errors.Join(errs...)
}
