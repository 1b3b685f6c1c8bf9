package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// configCommand lists what holds, secrets hidden. Settings that are wrong end it as they would end serving.
func configCommand(cmd *cobra.Command, _ []string) error {
	cfg, vars, err := settings()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SETTING\tVALUE\tDEFAULT\tWHAT IT IS")
	for _, s := range config.Settings() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Name, s.Value(cfg, vars), s.Default, s.Doc)
	}
	return table.Flush()
}
