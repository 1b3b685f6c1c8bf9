package wiring

import (
	"context"
	"errors"
	"fmt"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
)

// Operator is what operators do, ready to be done by a command, beside processes that serve.
type Operator struct {
	*app.Operator

	on *foundation
}

var errOwnMemory = errors.New("which no command can reach: it is the memory of the process that serves")

// OpenOperator opens the stores of the settings as Open does. A setting that cannot be used is a *config.Error.
func OpenOperator(ctx context.Context, cfg config.Config, opts Options) (*Operator, error) {
	if err := reachable(cfg); err != nil {
		return nil, err
	}
	on, err := lay(ctx, cfg, opts, nil)
	if err != nil {
		return nil, err
	}
	return &Operator{app.NewOperator(on.deps, on.users(cfg)), on}, nil
}

// Close waits for what is still being cleared up, and for writes under way, and lets the stores go.
func (o *Operator) Close() error {
	o.Wait()
	return o.on.Close()
}

// Started is an error where there is nothing yet at the stores of the settings. Opening them
// would make it, which is not what somebody wants who looks for a user in the wrong folder.
func Started(cfg config.Config) error {
	switch {
	case isNewFile(cfg.UserStore):
		return fmt.Errorf("there are no users yet: %s is not there; the first start makes it", cfg.UserStore.Path())
	case isNewFile(cfg.TokenStore):
		return fmt.Errorf("TOKEN_STORE: %s is not there; the first start makes it, or the sessions are elsewhere", cfg.TokenStore.Path())
	}
	return nil
}

// reachable refuses stores that no other process has.
func reachable(cfg config.Config) error {
	switch config.Memory {
	case cfg.UserStore:
		return config.WrongStore("USER_STORE", cfg.UserStore.String(), errOwnMemory)
	case cfg.TokenStore:
		return config.WrongStore("TOKEN_STORE", cfg.TokenStore.String(), errOwnMemory)
	}
	return nil
}
