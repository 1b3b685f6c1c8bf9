package wiring

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// Pair is where users and where sessions are kept.
type Pair struct{ Users, Sessions config.StoreURL }

// OpenCopy opens both sides of a copy. Close it when the copy is done, or broken off.
func OpenCopy(ctx context.Context, from, to Pair, dryRun bool, now func() time.Time) (_ app.CopyStores, close func() error, err error) {
	s := &stores{engines: map[config.StoreURL]engine{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	engines := map[config.StoreURL]engine{}
	for _, side := range []struct {
		flag   string
		url    config.StoreURL
		source bool
	}{{"--from", from.Users, true}, {"--from-sessions", from.Sessions, true}, {"--to", to.Users, false}, {"--to-sessions", to.Sessions, false}} {
		isNew := isNewFile(side.url)
		if side.source && isNew {
			return app.CopyStores{}, nil, config.WrongStore(side.flag, side.url.String(), errors.New("there is no such file"))
		}
		url := side.url
		if dryRun && isNew {
			url = config.Memory // what is not there has nothing, and is not to be made
		}
		if engines[side.url], err = s.open(ctx, config.Config{}, side.flag, url, now); err != nil {
			return app.CopyStores{}, nil, err
		}
	}
	users, canListUsers := engines[from.Users].Users().(ports.UserLister)
	sessions, canListSessions := engines[from.Sessions].Sessions().(ports.SessionLister)
	if !canListUsers || !canListSessions {
		return app.CopyStores{}, nil, errors.New("the store that is copied from cannot list what it holds")
	}
	return app.CopyStores{
		FromUsers: users, FromSessions: sessions,
		ToUsers: engines[to.Users].Users(), ToSessions: engines[to.Sessions].Sessions(),
		DryRun: dryRun, Now: now,
	}, s.Close, nil
}

// isNewFile reports whether a URL names a database file that is not there yet.
func isNewFile(url config.StoreURL) bool {
	if url.Scheme() != "sqlite" {
		return false
	}
	_, err := os.Stat(url.Path())
	return errors.Is(err, os.ErrNotExist)
}
