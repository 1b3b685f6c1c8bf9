package wiring

import (
	"context"
	"errors"
	"fmt"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// Operator is what operators do, ready to be done by a command, beside processes that serve.
type Operator struct {
	*app.Operator

	hasher      *password.Hasher
	stores      *stores
	closeEvents func() error
}

var errOwnMemory = errors.New("which no command can reach: it is the memory of the process that serves")

// OpenOperator opens the stores of the settings as Open does. A setting that cannot be used is a *config.Error.
func OpenOperator(ctx context.Context, cfg config.Config, opts Options) (_ *Operator, err error) {
	if err := reachable(cfg); err != nil {
		return nil, err
	}
	images, _, err := openImages(cfg)
	if err != nil {
		return nil, err
	}
	stores, err := openStores(ctx, cfg, opts.Now, nil)
	if err != nil {
		return nil, err
	}
	events, closeEvents, err := OpenEvents(cfg, opts.Logger)
	if err != nil {
		return nil, errors.Join(err, stores.Close())
	}
	opts.Hashing.Algorithm = password.Algorithm(cfg.PasswordHash)
	hasher := password.New(opts.Hashing)
	all, _ := stores.engines[cfg.UserStore].Users().(ports.UserLister)
	useCases := app.NewOperator(app.Deps{
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
	}, all)
	return &Operator{useCases, hasher, stores, closeEvents}, nil
}

// Close waits for what is still being cleared up, and for writes under way, and lets the stores go.
func (o *Operator) Close() error {
	o.Wait()
	o.hasher.Close()
	return errors.Join(o.stores.Close(), o.closeEvents())
}

// Started is an error where there is nothing yet at the stores of the settings. Opening them
// would make it, which is not what somebody wants who looks for a user in the wrong folder.
func Started(cfg config.Config) error {
	for _, url := range []config.StoreURL{cfg.UserStore, cfg.TokenStore} {
		if isNewFile(url) {
			return fmt.Errorf("there are no users yet: %s is not there; the first start makes it", url.Path())
		}
	}
	return nil
}

// reachable refuses stores that no other process has.
func reachable(cfg config.Config) error {
	switch config.Memory {
	case cfg.UserStore:
		return config.Wrong("USER_STORE", cfg.UserStore.String(), errOwnMemory)
	case cfg.TokenStore:
		return config.Wrong("TOKEN_STORE", cfg.TokenStore.String(), errOwnMemory)
	}
	return nil
}
