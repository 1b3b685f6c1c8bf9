package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/spf13/cobra"
)

// withJSON lets a command print for programs: one JSON object a line, so that a list of any length can be read as it comes.
func withJSON(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().Bool("json", false, "print JSON, one object a line")
	return cmd
}

func asJSON(cmd *cobra.Command) bool {
	chosen, _ := cmd.Flags().GetBool("json")
	return chosen
}

// say prints a value for programs, or what people are told of it.
func say(cmd *cobra.Command, value any, forPeople func(io.Writer) error) error {
	if asJSON(cmd) {
		return newEncoder(cmd.OutOrStdout()).Encode(value)
	}
	return forPeople(cmd.OutOrStdout())
}

// sayAll is say for each of a list, which people see as a table.
func sayAll[T any](cmd *cobra.Command, all []T, header string, row func(T) []any) error {
	if asJSON(cmd) {
		encoder := newEncoder(cmd.OutOrStdout())
		for _, each := range all {
			if err := encoder.Encode(each); err != nil {
				return err
			}
		}
		return nil
	}
	return printTable(cmd.OutOrStdout(), all, header, row)
}

func printTable[T any](w io.Writer, all []T, header string, row func(T) []any) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, header)
	for _, each := range all {
		cells := row(each)
		fmt.Fprintf(table, strings.Repeat("%v\t", len(cells)-1)+"%v\n", cells...)
	}
	return table.Flush()
}

func newEncoder(w io.Writer) *json.Encoder {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder
}

// line prints one line for people.
func line(format string, args ...any) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := fmt.Fprintf(w, format+"\n", args...)
		return err
	}
}

// printable is a text that somebody else chose, fit for a terminal. What would move the cursor, colour what follows or
// turn the direction of reading is shown as a replacement character.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// timestamp is a time for people, "unknown" where there is none.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format(time.RFC3339)
}
