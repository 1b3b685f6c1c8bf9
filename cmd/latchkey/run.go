package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // wrong settings or arguments
)

// run is the whole program: it carries out a command and answers the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(stderr, "latchkey:", err)
	if _, wrongSetting := errors.AsType[*config.Error](err); wrongSetting || errors.Is(err, errUsage) {
		return exitUsage
	}
	return exitFailed
}

// errUsage marks arguments that make no sense.
var errUsage = errors.New("see --help")

func usage(err error) error { return fmt.Errorf("%w; %w", err, errUsage) }

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "latchkey",
		Short:         "Latchkey lets people register, sign in, stay signed in and sign out.",
		Long:          "Latchkey lets people register, sign in, stay signed in and sign out.\n\nWithout a command it serves. Settings are environment variables, also read from\na file .env; \"latchkey config\" lists them.",
		Args:          noArgs,
		RunE:          serveCommand,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.AddCommand(
		&cobra.Command{Use: "serve", Short: "Serve, until told to stop", Args: noArgs, RunE: serveCommand},
		newCopyCommand(),
		newKeysCommand(),
		&cobra.Command{Use: "config", Short: "List every setting, its value and its default", Args: noArgs, RunE: configCommand},
		&cobra.Command{Use: "healthcheck", Short: "Ask the process that serves here whether it is up", Args: noArgs, RunE: healthcheckCommand},
		&cobra.Command{Use: "version", Short: "Print the version", Args: noArgs, RunE: versionCommand},
	)
	return root
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Errorf("%s takes no argument, and got %q", cmd.CommandPath(), args[0]))
	}
	return nil
}

// settings reads the settings for a command.
func settings() (config.Config, map[string]string, error) {
	vars, err := config.Environment()
	if err != nil {
		return config.Config{}, nil, err
	}
	cfg, err := config.Parse(vars)
	return cfg, vars, err
}
