package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// Exit codes, as the help and the README have them.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // wrong settings, arguments or input
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

const rootHelp = `Latchkey lets people register, sign in, stay signed in and sign out.

Without a command it serves. Settings are environment variables, also read from
a file .env; "latchkey config" lists them.

Exit codes: 0 when it is done, 1 when it failed, 2 for settings, arguments or
input that make no sense, of which nothing was done. What went wrong is on standard
error, where the log goes as well; standard output has what was asked for alone.`

// errUsage marks arguments that make no sense.
var errUsage = errors.New("see --help")

func usage(err error) error { return fmt.Errorf("%w; %w", err, errUsage) }

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "latchkey",
		Short:         "Latchkey lets people register, sign in, stay signed in and sign out.",
		Long:          rootHelp,
		Example:       "  latchkey\n  PORT=9000 latchkey serve\n  latchkey users create --email ada@example.org",
		Args:          noArgs,
		RunE:          serveCommand,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.AddCommand(
		&cobra.Command{Use: "serve", Short: "Serve, until told to stop", Args: noArgs, RunE: serveCommand,
			Example: "  latchkey serve\n  PORT=9000 latchkey serve"},
		newUsersCommand(),
		newCopyCommand(),
		newKeysCommand(),
		withJSON(&cobra.Command{Use: "config", Short: "List every setting, its value and its default", Args: noArgs, RunE: configCommand,
			Example: "  latchkey config\n  latchkey config --json | jq -r 'select(.name == \"USER_STORE\").value'"}),
		withJSON(&cobra.Command{Use: "healthcheck", Short: "Ask the process that serves here whether it is up", Args: noArgs, RunE: healthcheckCommand,
			Example: "  latchkey healthcheck\n  PORT=9000 latchkey healthcheck"}),
		withJSON(&cobra.Command{Use: "version", Short: "Print the version", Args: noArgs, RunE: versionCommand,
			Example: "  latchkey version\n  latchkey version --json"}),
	)
	addCompletion(root)
	root.SetHelpCommand(&cobra.Command{Use: "help [COMMAND]", Short: "Show the help of a command", RunE: helpCommand,
		Example: "  latchkey help\n  latchkey help users create"})
	return root
}

// addCompletion adds the library's own command, whose arguments are refused as those of all others are.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	completion, _, _ := root.Find([]string{"completion"})
	completion.Example = "  source <(latchkey completion bash)"
	completion.Args, completion.RunE = noArgs, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	for _, shell := range completion.Commands() {
		shell.Args = noArgs
		shell.Example = "  latchkey completion " + shell.Name()
	}
}

func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case cmd.HasSubCommands():
		return usage(unknownCommand(cmd, args[0]))
	}
	return usage(fmt.Errorf("%s takes no argument, and got %q", cmd.CommandPath(), args[0]))
}

// helpCommand shows the help of the command that its arguments name.
func helpCommand(cmd *cobra.Command, args []string) error {
	about, rest, err := cmd.Root().Find(args)
	switch {
	case about == nil:
		return err
	case len(rest) == 0:
		return about.Help()
	case about.HasSubCommands():
		return usage(unknownCommand(about, rest[0]))
	}
	return usage(fmt.Errorf("%s takes no argument to its help, and got %q", about.CommandPath(), rest[0]))
}

// unknownCommand says which commands look like the one that was typed.
func unknownCommand(cmd *cobra.Command, typed string) error {
	cmd.SuggestionsMinimumDistance = 2
	unknown := fmt.Sprintf("%s has no command %q", cmd.CommandPath(), typed)
	if alike := cmd.SuggestionsFor(typed); len(alike) > 0 {
		unknown += " (did you mean " + strings.Join(alike, " or ") + "?)"
	}
	return errors.New(unknown)
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
