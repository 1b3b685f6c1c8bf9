package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/adapters/redis"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
)

const copyHelp = `Copy users and sessions from one store to another. Nobody is logged out by it.

A copy may be broken off and run again: what the target has already is left alone,
unless it is older. Run it once while the service goes on, stop the service, run it
again, and start the service on the new store. The exit code is 0 when both sides
hold the same, and 1 when not.`

const oneCopy = "latchkey copy --from sqlite:data/latchkey.db --to mongodb://localhost/latchkey"

const copyExample = `  ` + oneCopy + `
  latchkey copy --from sqlite:data/latchkey.db --to mongodb://localhost/latchkey --to-sessions redis://localhost
  latchkey copy --from redis://localhost --to sqlite:new.db --dry-run`

func newCopyCommand() *cobra.Command {
	var from, to, fromSessions, toSessions string
	var dryRun bool
	cmd := withJSON(&cobra.Command{
		Use: "copy --from URL --to URL", Short: "Copy users and sessions from one store to another",
		Long: copyHelp, Example: copyExample, Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			source, err := pair("--from", from, fromSessions)
			if err != nil {
				return err
			}
			target, err := pair("--to", to, toSessions)
			if err != nil {
				return err
			}
			if source == target {
				return usage(errors.New("--from and --to are the same"))
			}
			return copyStores(cmd, source, target, dryRun)
		},
	})
	cmd.Flags().StringVar(&from, "from", "", "where users and sessions are: a URL as USER_STORE takes")
	cmd.Flags().StringVar(&to, "to", "", "where they are to go")
	cmd.Flags().StringVar(&fromSessions, "from-sessions", "", "where the sessions are, if not at --from")
	cmd.Flags().StringVar(&toSessions, "to-sessions", "", "where the sessions are to go, if not to --to")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be done, and do nothing")
	return cmd
}

// pair parses the URLs of one side.
func pair(flag, users, sessions string) (p wiring.Pair, err error) {
	if p.Users, err = parseStore(flag, users); err != nil || sessions == "" {
		p.Sessions = p.Users
		return p, err
	}
	p.Sessions, err = parseStore(flag+"-sessions", sessions)
	return p, err
}

func parseStore(flag, text string) (url config.StoreURL, err error) {
	if text == "" {
		return url, usage(fmt.Errorf("%s is missing: it names a store, as in %s", flag, oneCopy))
	}
	if url.UnmarshalText([]byte(text)) != nil || url == config.SQLite("") {
		return url, config.WrongStore(flag, url.String(), nil)
	}
	if url.InMemory() {
		return url, config.WrongStore(flag, url.String(), errors.New("which holds nothing before and after"))
	}
	return url, nil
}

func copyStores(cmd *cobra.Command, from, to wiring.Pair, dryRun bool) error {
	redis.LogTo(slog.New(slog.DiscardHandler))
	copying, closeStores, err := wiring.OpenCopy(cmd.Context(), from, to, dryRun, time.Now)
	if err != nil {
		return err
	}
	progress, finish := newProgress(cmd.ErrOrStderr())
	copying.Progress = progress
	report, err := copying.Do(cmd.Context())
	finish()
	if err = errors.Join(err, closeStores()); err != nil {
		return err
	}
	if err := sayReport(cmd, report, dryRun); err != nil {
		return err
	}
	if !dryRun && (!report.Users.Equal() || !report.Sessions.Equal()) {
		return errors.New("the two sides differ; run the copy again")
	}
	return nil
}

// newProgress is a bar on a terminal, and a line now and then elsewhere.
func newProgress(w io.Writer) (step, finish func()) {
	if file, ok := w.(*os.File); ok && isatty.IsTerminal(file.Fd()) {
		bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("copying"),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionThrottle(100*time.Millisecond))
		return func() { _ = bar.Add(1) }, func() { _ = bar.Finish(); fmt.Fprintln(w) }
	}
	const every = 10_000
	var done atomic.Int64
	return func() {
		if n := done.Add(1); n%every == 0 {
			fmt.Fprintf(w, "copied %d\n", n)
		}
	}, func() {}
}
