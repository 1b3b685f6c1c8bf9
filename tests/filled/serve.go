package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/serving"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
)

// serve serves as the program does, but for what hashing costs.
func serve(ctx context.Context, cfg config.Config) error {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	hashing := cheap
	hashing.Room = serving.RoomForHashes()
	service, err := wiring.Open(ctx, cfg, wiring.Options{Logger: log, Now: time.Now, Hashing: hashing})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(cfg.Host, cfg.Port.String()))
	if err != nil {
		return errors.Join(err, service.Close())
	}
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
