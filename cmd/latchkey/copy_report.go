package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/app"
)

// shownReport is what a copy did, as programs see it.
type shownReport struct {
	DryRun   bool        `json:"dryRun"`
	Users    shownCopied `json:"users"`
	Sessions shownCopied `json:"sessions"`
}

// shownCopied is what was done with values of one kind; of a dry run, what would be.
type shownCopied struct {
	Written int           `json:"written"`
	Same    int           `json:"same"`
	Newer   int           `json:"newer"`
	Source  shownChecksum `json:"source"`
	Target  shownChecksum `json:"target"`
}

type shownChecksum struct {
	Count    int    `json:"count"`
	Checksum string `json:"checksum"`
}

func newShownCopied(c app.Copied) shownCopied {
	sum := func(c app.Checksum) shownChecksum { return shownChecksum{c.Count, fmt.Sprintf("%016x", c.Sum)} }
	return shownCopied{c.Written, c.Same, c.Newer, sum(c.From), sum(c.To)}
}

func sayReport(cmd *cobra.Command, r app.CopyReport, dryRun bool) error {
	shown := shownReport{dryRun, newShownCopied(r.Users), newShownCopied(r.Sessions)}
	return say(cmd, shown, func(w io.Writer) error {
		printCopied(w, "users", r.Users, dryRun)
		printCopied(w, "sessions", r.Sessions, dryRun)
		return nil
	})
}

func printCopied(w io.Writer, kind string, c app.Copied, dryRun bool) {
	verb := "written"
	if dryRun {
		verb = "to be written"
	}
	fmt.Fprintf(w, "%s: %d %s, %d there already, %d newer in the target\n", kind, c.Written, verb, c.Same, c.Newer)
	fmt.Fprintf(w, "  source %s\n  target %s\n", c.From, c.To)
}
