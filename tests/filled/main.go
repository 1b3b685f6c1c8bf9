// The program filled fills a store with people and their sessions, and serves Latchkey on it with hashing that costs
// next to nothing, for tests/load to measure what size costs.
//
//	USER_STORE=… TOKEN_STORE=… filled fill 1000000 5000000
//	USER_STORE=… TOKEN_STORE=… HOST=127.0.0.1 PORT=8000 filled serve
//
// Settings are Latchkey's.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/cmd/config"
)

// cheap is the least that Argon2id may cost.
var cheap = password.Config{Argon2: password.Argon2Params{Memory: 8, Time: 1, Threads: 1}}

var errUsage = errors.New("usage: filled fill USERS SESSIONS | filled serve")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "filled:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	vars, err := config.Environment()
	if err != nil {
		return err
	}
	cfg, err := config.Parse(vars)
	if err != nil {
		return err
	}
	switch {
	case len(args) == 1 && args[0] == "serve":
		return serve(ctx, cfg)
	case len(args) == 3 && args[0] == "fill":
		users, usersErr := strconv.Atoi(args[1])
		sessions, sessionsErr := strconv.Atoi(args[2])
		if usersErr != nil || sessionsErr != nil || users < 1 || sessions < 0 {
			return errUsage
		}
		return fill(ctx, cfg, users, sessions)
	}
	return errUsage
}
