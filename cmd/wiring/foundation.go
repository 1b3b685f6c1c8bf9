package wiring

import (
	"context"
	"errors"
	"net/http"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// foundation is what a process stands on that works with accounts, be it one that serves or an operator's command.
type foundation struct {
	stores      *stores
	hasher      *password.Hasher
	serveImages http.Handler // nil where they are served elsewhere
	closeEvents func() error

	// deps is what both have of the use cases' needs.
	deps app.Deps
}

// lay opens all that the settings name for both. The watch looks on; nil is nobody.
func lay(ctx context.Context, cfg config.Config, opts Options, on *watch) (_ *foundation, err error) {
	images, serveImages, err := openImages(cfg)
	if err != nil {
		return nil, err
	}
	stores, err := openStores(ctx, cfg, opts.Now, on)
	if err != nil {
		return nil, err
	}
	events, closeEvents, err := OpenEvents(cfg, opts.Logger)
	if err != nil {
		return nil, errors.Join(err, stores.Close())
	}
	opts.Hashing.Algorithm = password.Algorithm(cfg.PasswordHash)
	hasher := password.New(opts.Hashing)
	return &foundation{stores, hasher, serveImages, closeEvents, app.Deps{
		Users:      stores.users,
		Sessions:   stores.sessions,
		Hasher:     hasher,
		Images:     images,
		Events:     events,
		Breached:   breached(cfg, opts.Logger),
		Passwords:  cfg.PasswordPolicy(hasher.MaxPasswordBytes()),
		SessionFor: cfg.SessionPolicy(),
		Required:   cfg.RegisterRequire,
		Now:        opts.Now,
	}}, nil
}

// users lists all users, nil where the store cannot.
func (f *foundation) users(cfg config.Config) ports.UserLister {
	all, _ := f.stores.engines[cfg.UserStore].Users().(ports.UserLister)
	return all
}

// Close waits for writes under way, and lets all of it go.
func (f *foundation) Close() error {
	f.hasher.Close()
	return errors.Join(f.stores.Close(), f.closeEvents())
}
