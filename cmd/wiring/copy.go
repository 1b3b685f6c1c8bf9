package wiring

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/ports"
)

// Pair is where users and where sessions are kept.
type Pair struct{ Users, Sessions config.StoreURL }

// OpenCopy opens both sides of a copy. Close it when the copy is done, or broken off.
func OpenCopy(ctx context.Context, from, to Pair, now func() time.Time) (_ app.CopyStores, close func() error, err error) {
	s := &stores{engines: map[config.StoreURL]engine{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	engines := map[config.StoreURL]engine{}
	for _, each := range []struct {
		flag string
		url  config.StoreURL
	}{{"--from", from.Users}, {"--from-sessions", from.Sessions}, {"--to", to.Users}, {"--to-sessions", to.Sessions}} {
		if engines[each.url], err = s.open(ctx, config.Config{}, each.flag, each.url, now); err != nil {
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
		Now: now,
	}, s.Close, nil
}
