package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/serving"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
)

// serve serves as the program does, but for what hashing costs.
func serve(ctx context.Context, cfg config.Config) error {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	service, err := wiring.Open(ctx, cfg, wiring.Options{Logger: log, Now: time.Now, Hashing: cheap})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(cfg.Host, cfg.Port.String()))
	if err != nil {
		return errors.Join(err, service.Close())
	}
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + service.HashWorkers)
	server := serving.NewServer(service.Handler, log)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	<-ctx.Done()
	err = server.Close()
	if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	return errors.Join(err, service.Close())
}
