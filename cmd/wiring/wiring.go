// Package wiring builds the service from its settings: it picks the adapters and hands them to the use cases.
// The program and the tests call the same page.
package wiring

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/eventlog"
	"github.com/latchkey-auth/latchkey/adapters/httpapi"
	"github.com/latchkey-auth/latchkey/adapters/metrics"
	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/adapters/tracing"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/domain"
)

// Options is what does not come from the settings.
type Options struct {
	Logger *slog.Logger
	Now    func() time.Time
	// Hashing changes what hashing costs and how much of it runs at once, for tests; as usual where zero.
	// The algorithm is that of the settings.
	Hashing password.Config
}

// Latchkey is the service, ready to be served.
type Latchkey struct {
	App      *app.App
	Handler  http.Handler // the public listener's
	Operator http.Handler // the operator's listener's
	// HashWorkers is how many threads compute hashes beside those that serve, at most.
	HashWorkers int

	hasher      *password.Hasher
	stores      *stores
	closeEvents func() error
	keys        *keyWatch
	tracer      *tracing.Tracer
}

// Open builds the service. A setting that cannot be used is a *config.Error.
func Open(ctx context.Context, cfg config.Config, opts Options) (_ *Latchkey, err error) {
	images, serveImages, err := openImages(cfg)
	if err != nil {
		return nil, err
	}
	on, err := newWatch(ctx, cfg, opts.Logger)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			on.tracer.Close()
		}
	}()
	stores, err := openStores(ctx, cfg, opts.Now, on)
	if err != nil {
		return nil, err
	}
	events, closeEvents, err := OpenEvents(cfg, opts.Logger)
	defer func() {
		if err != nil {
			err = errors.Join(err, stores.Close(), closeEvents())
		}
	}()
	if err != nil {
		return nil, err
	}
	// Last of what may fail by a setting: a start that fails says one thing, and not that it was the first.
	tokens, keyring, err := openTokens(cfg, opts.Logger)
	if err != nil {
		return nil, err
	}

	opts.Hashing.Algorithm = password.Algorithm(cfg.PasswordHash)
	hasher := password.New(opts.Hashing)
	on.metrics.ObserveHashing(func() metrics.Hashing { return metrics.Hashing(hasher.Stats()) })
	events = eventlog.Both(events, on.metrics)
	limit := stores.throttles(cfg, opts.Now)
	useCases := app.New(app.Deps{
		Users:             stores.users,
		Sessions:          stores.sessions,
		Callers:           stores.callers,
		Hasher:            on.tracer.Hasher(hasher),
		Issuer:            tokens,
		Verifier:          tokens,
		Images:            images,
		Events:            events,
		Breached:          breached(cfg, opts.Logger),
		AccountFailures:   limit("account-failures", cfg.LoginFailuresPerAccount),
		AddressFailures:   limit("address-failures", cfg.LoginFailuresPerIP),
		Registrations:     limit("registrations", cfg.RegistrationsPerIP),
		Passwords:         cfg.PasswordPolicy(hasher.MaxPasswordBytes()),
		SessionFor:        cfg.SessionPolicy(),
		Required:          cfg.RegisterRequire,
		RevealUnknownUser: cfg.LoginRevealsUnknownUser,
		Clients:           domain.ConfidentialClients(cfg.OAuthClients),
		Now:               opts.Now,
	})
	handler, err := httpapi.New(httpapi.Config{
		App:            useCases,
		Logger:         opts.Logger,
		Now:            opts.Now,
		PublicURL:      &cfg.PublicURL.URL,
		Audience:       cfg.AccessTokenAudience,
		ClientOrigins:  cfg.ClientURL,
		TrustedProxies: cfg.TrustedProxies,
		Cookies:        httpapi.CookieConfig{Secure: cfg.CookieSecure, SameSite: cfg.CookieSameSite.HTTP(), Domain: string(cfg.CookieDomain)},
		Ready:          stores.Ping,
		Observe:        on.metrics.ObserveRequest,
		Trace:          on.requests(),
		Pages:          pages(keyring, serveImages),
	})
	if err != nil {
		return nil, err
	}
	return &Latchkey{
		App: useCases, Handler: handler, Operator: operatorPages(on.metrics), HashWorkers: hasher.Workers(),
		hasher: hasher, stores: stores, closeEvents: closeEvents, keys: watchKeys(keyring, events, opts), tracer: on.tracer,
	}, nil
}

// Close waits for what is still being cleared up, and for writes under way, and lets the stores go.
func (l *Latchkey) Close() error {
	l.keys.stop()
	l.App.Wait()
	l.hasher.Close()
	l.tracer.Close()
	return errors.Join(l.stores.Close(), l.closeEvents())
}
