package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/tests/load/compare"
)

func newCompareCommand() *cobra.Command {
	o := compare.Options{}
	cmd := &cobra.Command{
		Use:   "compare",
		Short: "Run Latchkey, gin-jwt and PocketBase in turns, and print what must be true and whether it is",
		Long: `Build Latchkey, gin-jwt and PocketBase, run them in turns, and print what must be
true of Latchkey and whether it is.

The servers have one core for themselves; this program and Redis have another.
Nothing but loopback is used. The exit code is 1 where a row of the table was
missed. What is not here (redis-server, strace, the right to set a quota) is said,
and its rows are left open.

With the defaults it takes some twenty minutes. Figures of different runs
are not to be compared: the machine may have been faster. A load for which the
generator had a whole core, and the server had not, is limited by the generator.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			self, err := os.Executable()
			if err != nil {
				return err
			}
			o.Self = []string{self, "raw-bcrypt"}
			o.Terminal = isTerminal(cmd.ErrOrStderr())
			return compare.Run(cmd.Context(), o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if o.Rounds < 1 || o.Slice < time.Second || o.Slice > time.Minute || o.Soak > time.Hour || o.Clients < 8 || o.Clients > maxClients {
			return fmt.Errorf("at least 1 round, a slice of 1s to 1m, a soak of at most 1h, and 8 to %d clients", maxClients)
		}
		return nil
	}
	flags := cmd.Flags()
	flags.IntVar(&o.Rounds, "rounds", 5, "how often each server has its turns")
	flags.DurationVar(&o.Slice, "slice", 4*time.Second, "how long each side is measured in a round, and each phase of a storm")
	flags.IntVar(&o.Clients, "clients", 64, "clients of the loads that are no storms")
	flags.DurationVar(&o.Soak, "soak", 0, "how long to soak, 10m say; not at all where zero")
	flags.StringVar(&o.Plot, "plot", "", "the folder to draw the storm into, as storm.svg")
	flags.StringArrayVar(&o.Set, "set", nil, "a further setting of Latchkey, as NAME=VALUE")
	flags.BoolVar(&o.Verbose, "verbose", false, "show what the servers say, which slows them down")
	return cmd
}

// isTerminal tells whether somebody can read a line that is written anew again and again.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}
