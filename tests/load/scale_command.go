package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/tests/load/compare"
)

func newScaleCommand() *cobra.Command {
	o := compare.ScaleOptions{Few: compare.Size{Users: 1000, Sessions: 5000}}
	rate := 0
	cmd := &cobra.Command{
		Use:   "scale",
		Short: "Print latencies with a thousand users and with a million",
		Long: `Fill a store with a thousand users and five thousand sessions, and another with
as many as are given; then measure both in turns: sign-in (with a hash that costs
next to nothing), me and refresh, evenly spaced, of people and sessions anywhere
in the store. Each session is asked for once after a fresh start, and then again.`,
		Args: cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error {
			if o.Rounds < 1 || o.Requests < 100 || rate < 1 || rate > 10_000 || o.Many.Users < 1 || o.Many.Sessions < 0 {
				return fmt.Errorf("at least 1 round, 100 requests, 1 user, and a rate from 1 to 10000")
			}
			o.Every = time.Second / time.Duration(rate)
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Terminal = isTerminal(cmd.ErrOrStderr())
			return compare.Scale(cmd.Context(), o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Store, "store", "sqlite", "sqlite, redis, or mongo")
	flags.IntVar(&o.Many.Users, "users", 1_000_000, "users of the large store")
	flags.IntVar(&o.Many.Sessions, "sessions", 5_000_000, "its sessions")
	flags.IntVar(&o.Rounds, "rounds", 3, "how often each store has its turn")
	flags.IntVar(&o.Requests, "requests", 2000, "requests of each kind in a round")
	flags.IntVar(&rate, "rate", 200, "requests a second")
	flags.BoolVar(&o.Verbose, "verbose", false, "show what the servers say")
	return cmd
}
