package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/adapters/redis"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
	"github.com/latchkey-auth/latchkey/domain"
)

const usersHelp = `The users of the settings that hold here: run these commands where the service runs, with the same
environment and the same DATA_DIR. The service may run meanwhile, and heeds at once what they do.
What they do is an event, as what users do themselves is.

USER is an id, an email or a username; what is somebody's id is taken for that.

Passwords are never arguments, which others on the machine could see. At a terminal they are asked for;
else they are read from standard input, where one newline at the end does not count.`

func newUsersCommand() *cobra.Command {
	users := &cobra.Command{Use: "users", Short: "List, make and change accounts", Long: usersHelp, Args: noArgs,
		Example: "  latchkey users list\n  latchkey users show ada@example.org",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	users.AddCommand(
		newListUsers(),
		newUserCommand("show", "Show a user and where they are signed in", showUser,
			"  latchkey users show ada@example.org\n  latchkey users show ada --json | jq .sessions"),
		newCreateUser(),
		newUserCommand("set-password", "Set a new password, read from standard input, and end all sessions", setPassword,
			"  latchkey users set-password ada\n  printf %s \"$PW\" | latchkey users set-password ada@example.org"),
		newUserCommand("end-sessions", "Sign a user out everywhere", endSessions,
			"  latchkey users end-sessions ada@example.org"),
		newUserCommand("delete", "Delete a user, their sessions and their pictures, without asking again", deleteUser,
			"  latchkey users delete ada@example.org"),
	)
	return users
}

// operator is what a command works with.
type operator struct {
	*wiring.Operator
	cmd *cobra.Command
	cfg config.Config
}

// client is who acts, as events tell: the command stands for the client.
func (o operator) client() domain.Client { return domain.Client{UserAgent: o.cmd.CommandPath()} }

// operate opens what the settings name, and does something with it.
func operate(cmd *cobra.Command, ready func(config.Config) error, do func(operator) error) error {
	cfg, _, err := settings()
	if err != nil {
		return err
	}
	if err := ready(cfg); err != nil {
		return err
	}
	log := newCommandLogger(cfg, cmd.ErrOrStderr())
	redis.LogTo(log)
	opened, err := wiring.OpenOperator(cmd.Context(), cfg, wiring.Options{Logger: log, Now: time.Now})
	if err != nil {
		return err
	}
	return errors.Join(explainUsers(do(operator{opened, cmd, cfg})), opened.Close())
}

// newUserCommand is a command about the one user whom its argument names.
func newUserCommand(name, short string, do func(operator, domain.User) error, example string) *cobra.Command {
	return withJSON(&cobra.Command{Use: name + " USER", Short: short, Example: example,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("%s takes the id, the email or the username of one user", cmd.CommandPath()))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return operate(cmd, wiring.Started, func(o operator) error {
				user, err := o.FindUser.Do(cmd.Context(), args[0])
				if errors.Is(err, domain.ErrUserNotFound) {
					return fmt.Errorf("there is no user with the id, email or username %q", args[0])
				}
				if err != nil {
					return err
				}
				return do(o, user)
			})
		},
	})
}

// explainUsers says of a refusal what its reader can mend. What is wrong with what they gave is a wrong argument.
func explainUsers(err error) error {
	refusal, ok := errors.AsType[*domain.Error](err)
	if !ok || len(refusal.Fields) == 0 {
		return err
	}
	var all []string
	for _, field := range refusal.Fields {
		all = append(all, field.Field+" "+field.Message)
	}
	err = errors.New(strings.Join(all, "; "))
	if refusal.Code == domain.CodeValidationFailed {
		return usage(err)
	}
	return err
}
