package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/domain"
)

func newCreateUser() *cobra.Command {
	var who app.RegisterRequest
	cmd := withJSON(&cobra.Command{Use: "create", Short: "Make an account, with a password read from standard input", Args: noArgs,
		Example: "  latchkey users create --email ada@example.org\n  printf %s \"$PW\" | latchkey users create --email ada@example.org --username ada",
		RunE: func(cmd *cobra.Command, _ []string) error {
			// Somebody may be made before the service was ever started.
			return operate(cmd, func(cfg config.Config) error { return complete(cfg, who) }, func(o operator) error { return createUser(o, who) })
		}})
	cmd.Flags().StringVar(&who.Email, "email", "", "to sign in by")
	cmd.Flags().StringVar(&who.Username, "username", "", "to sign in by")
	cmd.Flags().StringVar(&who.Fullname, "fullname", "", "what people call them")
	return cmd
}

func createUser(o operator, who app.RegisterRequest) (err error) {
	if who.Password, err = readPassword(o.cmd); err != nil {
		return err
	}
	who.Client = o.client()
	user, err := o.RegisterUser.Do(o.cmd.Context(), who)
	if err != nil {
		return err
	}
	return say(o.cmd, newShownUser(o.cfg, user), line("%s", user.ID))
}

// complete says what is missing before anybody has typed a password, twice.
func complete(cfg config.Config, who app.RegisterRequest) error {
	for _, given := range []struct{ flag, value string }{{"email", who.Email}, {"username", who.Username}, {"fullname", who.Fullname}} {
		if strings.TrimSpace(given.value) == "" && slices.Contains(cfg.RegisterRequire, given.flag) {
			return usage(fmt.Errorf("--%s is required", given.flag))
		}
	}
	return nil
}

func setPassword(o operator, u domain.User) error {
	password, err := readPassword(o.cmd)
	if err != nil {
		return err
	}
	if err := o.SetPassword.Do(o.cmd.Context(), app.SetPasswordRequest{User: u, New: password, Client: o.client()}); err != nil {
		return err
	}
	return say(o.cmd, changedUser{ID: u.ID}, line("the password of %s is set, and every session is over", u.ID))
}

func endSessions(o operator, u domain.User) error {
	n, err := o.EndSessions.Do(o.cmd.Context(), app.EndSessionsRequest{Caller: app.Caller{User: u}, Client: o.client()})
	if err != nil {
		return err
	}
	return say(o.cmd, changedUser{ID: u.ID, Ended: &n}, line("sessions of %s ended: %d", u.ID, n))
}

func deleteUser(o operator, u domain.User) error {
	if err := o.RemoveUser.Do(o.cmd.Context(), app.RemoveUserRequest{User: u, Client: o.client()}); err != nil {
		return err
	}
	return say(o.cmd, changedUser{ID: u.ID}, line("%s is deleted", u.ID))
}

// changedUser tells programs whom a command was about.
type changedUser struct {
	ID    domain.UserID `json:"_id"`
	Ended *int          `json:"ended,omitempty"` // sessions
}
