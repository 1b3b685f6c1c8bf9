// The program load makes load on Latchkey and on services that are like it, on this machine alone, and compares them.
// It is for Linux.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := newRoot().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "load",
		Short: "Make load on an authentication service of this machine",
		Long: `Make load on an authentication service of this machine, and compare Latchkey with others.

From the top of the repository:

  go -C tests/load run . compare          the whole table, some twenty minutes
  go -C tests/load run . scale            figures with a thousand users and with a million
  go -C tests/load run . me --url http://127.0.0.1:8000 --pid PID

Loads register accounts at example.org, as many as --accounts and --clients both
allow, and leave them there. For more than a hundred, Latchkey has to be told
REGISTRATIONS_PER_IP.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newCompareCommand(), newScaleCommand(), newBcryptCommand())
	root.AddCommand(newLoadCommands()...)
	return root
}
