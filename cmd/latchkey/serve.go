package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/adapters/redis"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/logging"
	"github.com/latchkey-auth/latchkey/cmd/serving"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
)

// stopTimeout is how long requests in flight have to finish.
const stopTimeout = 10 * time.Second

func serveCommand(cmd *cobra.Command, _ []string) error {
	cfg, vars, err := settings()
	if err != nil {
		return err
	}
	lines := logging.NewBatch(cmd.ErrOrStderr())
	defer lines.Close()
	log := slog.New(newHandler(cfg, lines, isTerminal(cmd.ErrOrStderr())))
	redis.LogTo(log)
	for _, hint := range config.Mistyped(vars) {
		log.Warn(hint)
	}
	// Bind first: a port that is taken is found before any store is touched.
	listeners, err := listen(cfg)
	if err != nil {
		return err
	}
	latchkey, err := wiring.Open(cmd.Context(), cfg, wiring.Options{
		Logger:  log,
		Now:     time.Now,
		Hashing: password.Config{Room: serving.RoomForHashes()},
	})
	if err != nil {
		err = errors.Join(err, listeners.Close())
		if cmd.Context().Err() != nil { // told to stop while it started
			log.Info("stopped", "before", err.Error())
			return nil
		}
		return err
	}
	defer serving.TuneCollector()()
	log.Info("serving", "url", cfg.PublicURL.String(), "address", listeners.public.Addr().String(),
		"operator", string(cfg.OperatorAddr), "users", cfg.UserStore.String(), "sessions", cfg.TokenStore.String(), "version", version())
	err = serve(cmd.Context(), log, listeners, latchkey, cfg)
	log.Info("stopped")
	return errors.Join(err, latchkey.Close())
}

// listeners is the public one, and the operator's, nil where it is off.
type listeners struct{ public, operator net.Listener }

func listen(cfg config.Config) (listeners, error) {
	public, err := net.Listen("tcp", net.JoinHostPort(cfg.Host, cfg.Port.String()))
	if err != nil {
		return listeners{}, wrongAddress(cfg, err)
	}
	if cfg.OperatorAddr == "" {
		return listeners{public: public}, nil
	}
	operator, err := net.Listen("tcp", string(cfg.OperatorAddr))
	if err != nil {
		_ = public.Close()
		if errors.Is(err, syscall.EADDRINUSE) {
			return listeners{}, fmt.Errorf("OPERATOR_ADDR: %s is in use (by another Latchkey?); choose another, or off", cfg.OperatorAddr)
		}
		return listeners{}, config.Wrong("OPERATOR_ADDR", string(cfg.OperatorAddr), errors.Unwrap(err))
	}
	return listeners{public, operator}, nil
}

// wrongAddress blames the setting that is in the way: a host that is not this machine, or a port that may not be had. With a
// port that is in use nothing is wrong but that somebody else has it.
func wrongAddress(cfg config.Config, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("PORT: %s is in use by another program; choose another, such as PORT=9000", cfg.Port)
	}
	_, unknown := errors.AsType[*net.DNSError](err)
	if unknown || errors.Is(err, syscall.EADDRNOTAVAIL) {
		return config.Wrong("HOST", cfg.Host, errors.Unwrap(err))
	}
	return config.Wrong("PORT", cfg.Port.String(), errors.Unwrap(err))
}

// Close closes both.
func (l listeners) Close() error {
	err := l.public.Close()
	if l.operator != nil {
		err = errors.Join(err, l.operator.Close())
	}
	return err
}

// serve answers until the context ends, then lets requests in flight finish.
func serve(ctx context.Context, log *slog.Logger, on listeners, latchkey *wiring.Latchkey, cfg config.Config) error {
	group, failed := errgroup.WithContext(ctx)
	servers := []*http.Server{serving.NewServer(latchkey.Handler, log)}
	public := serving.Limit(servers[0], on.public, int(cfg.MaxConnections), cfg.TrustedProxies)
	group.Go(func() error { return ignoreClosed(servers[0].Serve(public)) })
	if on.operator != nil {
		servers = append(servers, serving.NewOperatorServer(latchkey.Operator, log))
		group.Go(func() error { return ignoreClosed(servers[1].Serve(on.operator)) })
	}
	<-failed.Done()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	for _, server := range servers {
		if server.Shutdown(ctx) != nil {
			log.Warn("some requests did not finish in time and were broken off")
			_ = server.Close()
		}
	}
	return group.Wait()
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// newCommandLogger is the log of a command, which says itself what it has done: only what is wrong goes there.
func newCommandLogger(cfg config.Config, w io.Writer) *slog.Logger {
	cfg.LogLevel.Level = max(cfg.LogLevel.Level, slog.LevelWarn)
	return slog.New(newHandler(cfg, w, isTerminal(w)))
}

func newHandler(cfg config.Config, w io.Writer, terminal bool) slog.Handler {
	options := &slog.HandlerOptions{Level: cfg.LogLevel.Level}
	if cfg.LogFormat == "text" || cfg.LogFormat == "auto" && terminal {
		return slog.NewTextHandler(w, options)
	}
	return slog.NewJSONHandler(w, options)
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}
