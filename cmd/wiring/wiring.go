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
	// Hashing says who makes room for hashes, and for tests, what they cost and how many are computed at once; as usual
	// where zero. The algorithm is that of the settings.
	Hashing password.Config
}

// Latchkey is the service, ready to be served.
type Latchkey struct {
	App      *app.App
	Handler  http.Handler // the public listener's
	Operator http.Handler // the operator's listener's

	on     *foundation
	keys   *keyWatch
	tracer *tracing.Tracer
}

// Open builds the service. A setting that cannot be used is a *config.Error.
func Open(ctx context.Context, cfg config.Config, opts Options) (_ *Latchkey, err error) {
	watching, err := newWatch(ctx, cfg, opts.Logger)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			watching.tracer.Close()
		}
	}()
	on, err := lay(ctx, cfg, opts, watching)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, on.Close())
		}
	}()
	on.stores.nameUnreadable(ctx, cfg, opts.Logger)
	// Last of what may fail by a setting: a start that fails says one thing, and not that it was the first.
	tokens, keyring, err := openTokens(cfg, opts.Logger)
	if err != nil {
		return nil, err
	}

	limit := on.stores.throttles(cfg, opts.Now)
	watching.metrics.ObserveHashing(func() metrics.Hashing { return metrics.Hashing(on.hasher.Stats()) })
	deps := on.deps
	deps.Callers = on.stores.callers
	deps.Hasher = watching.tracer.Hasher(on.hasher)
	deps.Issuer, deps.Verifier = tokens, tokens
	deps.Events = eventlog.Both(deps.Events, watching.metrics)
	deps.AccountFailures = limit("account-failures", cfg.LoginFailuresPerAccount)
	deps.AddressFailures = limit("address-failures", cfg.LoginFailuresPerIP)
	deps.Registrations = limit("registrations", cfg.RegistrationsPerIP)
	deps.RevealUnknownUser = cfg.LoginRevealsUnknownUser
	deps.Clients = domain.ConfidentialClients(cfg.OAuthClients)
	useCases := app.New(deps)
	handler, err := httpapi.New(httpapi.Config{
		App:            useCases,
		Logger:         opts.Logger,
		Now:            opts.Now,
		PublicURL:      &cfg.PublicURL.URL,
		Audience:       cfg.AccessTokenAudience,
		ClientOrigins:  cfg.ClientURL,
		TrustedProxies: cfg.TrustedProxies,
		Cookies:        httpapi.CookieConfig{Secure: cfg.CookieSecure, SameSite: cfg.CookieSameSite.HTTP(), Domain: string(cfg.CookieDomain)},
		Ready:          on.stores.Ping,
		Observe:        watching.metrics.ObserveRequest,
		Trace:          watching.requests(),
		Pages:          pages(keyring, on.serveImages),
	})
	if err != nil {
		return nil, err
	}
	return &Latchkey{
		App: useCases, Handler: handler, Operator: operatorPages(watching.metrics, cfg.OperatorAddr),
		on: on, keys: watchKeys(keyring, deps.Events, opts), tracer: watching.tracer,
	}, nil
}

// Close waits for what is still being cleared up, and for writes under way, and lets the stores go.
func (l *Latchkey) Close() error {
	l.keys.stop()
	l.App.Wait()
	err := l.on.Close()
	l.tracer.Close()
	return err
}
