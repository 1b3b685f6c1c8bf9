package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// shownUser is a user as programs see one: as in the HTTP API.
type shownUser struct {
	ID         domain.UserID `json:"_id"`
	Username   string        `json:"username"`
	Fullname   string        `json:"fullname"`
	Email      string        `json:"email"`
	Avatar     string        `json:"avatar"`
	CoverImage string        `json:"coverImage"`
	CreatedAt  time.Time     `json:"createdAt,omitzero"`
	UpdatedAt  time.Time     `json:"updatedAt,omitzero"`
}

// shownSession is a session, as in the HTTP API.
type shownSession struct {
	ID         domain.SessionID `json:"id"`
	CreatedAt  time.Time        `json:"createdAt"`
	LastUsedAt time.Time        `json:"lastUsedAt"`
	ExpiresAt  time.Time        `json:"expiresAt"`
	UserAgent  string           `json:"userAgent"`
	IP         string           `json:"ip"`
	EndedAt    *time.Time       `json:"endedAt"` // null while it lives
	EndReason  *string          `json:"endReason"`
}

func newShownUser(cfg config.Config, u domain.User) shownUser {
	return shownUser{
		ID: u.ID, Username: u.Username.String(), Fullname: u.Fullname, Email: u.Email.String(),
		Avatar: imageURL(cfg, u.Avatar), CoverImage: imageURL(cfg, u.CoverImage),
		CreatedAt: u.CreatedAt.UTC(), UpdatedAt: u.UpdatedAt.UTC(),
	}
}

// imageURL completes the path of an image that the service serves.
func imageURL(cfg config.Config, ref string) string {
	if strings.HasPrefix(ref, "/") && !strings.HasPrefix(ref, "//") {
		return strings.TrimSuffix(cfg.PublicURL.String(), "/") + ref
	}
	return ref
}

func newShownSession(s domain.Session) shownSession {
	shown := shownSession{
		ID: s.ID, CreatedAt: s.CreatedAt.UTC(), LastUsedAt: s.RotatedAt.UTC(), ExpiresAt: s.ExpiresAt.UTC(),
		UserAgent: s.UserAgent, IP: s.IP,
	}
	if s.Ended() {
		shown.EndedAt, shown.EndReason = new(s.EndedAt.UTC()), new(string(s.EndReason))
	}
	return shown
}

func newListUsers() *cobra.Command {
	return withJSON(&cobra.Command{Use: "list", Short: "List all users, in no order", Args: noArgs,
		Example: "  latchkey users list\n  latchkey users list --json | jq -r .email",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return operate(cmd, wiring.Started, listUsers)
		}})
}

// listUsers prints users as they come, in columns of a fixed width. It goes on past a user that it cannot read, and
// fails at the end.
func listUsers(o operator) (err error) {
	const row = "%-24s  %-20s  %-32s  %s\n"
	out := bufio.NewWriter(o.cmd.OutOrStdout())
	defer func() { err = errors.Join(err, out.Flush()) }()
	encoder, json := newEncoder(out), asJSON(o.cmd)
	if !json {
		fmt.Fprintf(out, row, "ID", "CREATED", "EMAIL", "USERNAME")
	}
	unreadable := 0
	for u, err := range o.ListUsers.Do(o.cmd.Context()) {
		if _, odd := errors.AsType[*ports.UnreadableError](err); odd {
			unreadable++
			fmt.Fprintln(o.cmd.ErrOrStderr(), "latchkey:", printable(err.Error()))
			continue
		}
		if err != nil {
			return err
		}
		if json {
			err = encoder.Encode(newShownUser(o.cfg, u))
		} else {
			_, err = fmt.Fprintf(out, row, u.ID, timestamp(u.CreatedAt), printable(u.Email.String()), printable(u.Username.String()))
		}
		if err != nil {
			return err
		}
	}
	if unreadable > 0 {
		return fmt.Errorf("users that cannot be read and are not listed: %d", unreadable)
	}
	return nil
}

func showUser(o operator, u domain.User) error {
	found, err := o.ListSessions.Do(o.cmd.Context(), app.Caller{User: u})
	if err != nil {
		return err
	}
	sessions := make([]shownSession, len(found))
	for i, s := range found {
		sessions[i] = newShownSession(s)
	}
	user := newShownUser(o.cfg, u)
	both := struct {
		shownUser
		Sessions []shownSession `json:"sessions"`
	}{user, sessions}
	return say(o.cmd, both, func(w io.Writer) error { return errors.Join(printUser(w, user), printSessions(w, sessions)) })
}

func printUser(w io.Writer, u shownUser) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, field := range []struct{ name, value string }{
		{"id", string(u.ID)}, {"email", u.Email}, {"username", u.Username}, {"full name", u.Fullname},
		{"avatar", u.Avatar}, {"cover image", u.CoverImage},
		{"created", timestamp(u.CreatedAt)}, {"updated", timestamp(u.UpdatedAt)},
	} {
		fmt.Fprintf(table, "%s\t%s\n", field.name, printable(field.value))
	}
	return table.Flush()
}

func printSessions(w io.Writer, sessions []shownSession) error {
	if len(sessions) == 0 {
		return line("\nno sessions")(w)
	}
	fmt.Fprintln(w)
	return printTable(w, sessions, "SESSION\tSTATE\tCREATED\tLAST USED\tEXPIRES\tADDRESS\tBROWSER", func(s shownSession) []any {
		state := "alive"
		if s.EndReason != nil {
			state = *s.EndReason
		}
		return []any{s.ID, printable(state), timestamp(s.CreatedAt), timestamp(s.LastUsedAt), timestamp(s.ExpiresAt),
			printable(s.IP), printable(s.UserAgent)}
	})
}
