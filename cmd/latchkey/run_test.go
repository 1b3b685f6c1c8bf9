package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestHelpShowsExamples of every command, with its own name.
func TestHelpShowsExamples(t *testing.T) {
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if !strings.Contains(cmd.Example, cmd.CommandPath()) {
			t.Errorf("the examples of %s are %q", cmd.CommandPath(), cmd.Example)
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(newRoot())
}

// TestPasswordsAreNoFlags: arguments can be seen by others on the machine, and stay in histories.
func TestPasswordsAreNoFlags(t *testing.T) {
	users, _, err := newRoot().Find([]string{"users"})
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range users.Commands() {
		if cmd.Flags().Lookup("password") != nil {
			t.Errorf("%s takes a password", cmd.CommandPath())
		}
	}
}
