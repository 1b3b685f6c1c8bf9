package config

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/joho/godotenv"
)

// surprise says what is in a file .env, which can be read, that does not mean what it says: a name that comes twice, of which
// the last would win in silence, or a $ that the library takes for the start of a variable. It is "" where nothing is.
func surprise(text []byte) string {
	seen := map[string]int{}
	for line, statement := range statements(text) {
		for _, name := range slices.Sorted(maps.Keys(read(statement))) {
			if first := seen[name]; first > 0 {
				return fmt.Sprintf("%q twice, in lines %d and %d", name, first, line)
			}
			if expands(statement, name) {
				return fmt.Sprintf("a $ outside of single quotes in line %d, in the value of %q", line, name)
			}
			seen[name] = line
		}
	}
	return ""
}

// statements is the parts of a file that can be read by themselves, by their first lines, counted from 1. A quoted value may
// be of many lines.
func statements(text []byte) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		first, statement := 1, ""
		line := 0
		for part := range bytes.Lines(text) {
			line++
			statement += string(part)
			if read(statement) == nil {
				continue
			}
			if !yield(first, statement) {
				return
			}
			first, statement = line+1, ""
		}
	}
}

// expands reports whether a $ in a value would be taken for the start of a variable. Only the library knows its quotes: where
// it leaves alone what looks like a variable, it leaves alone a $.
func expands(statement, name string) bool {
	const variable, letter = "${X}", "\uE000" // no $ and no variable, and so never touched
	tried := read(strings.ReplaceAll(statement, "$", variable))[name]
	plain := read(strings.ReplaceAll(statement, "$", letter))[name]
	return strings.ReplaceAll(tried, variable, "$") != strings.ReplaceAll(plain, letter, "$")
}

// read is the variables of a text, nil where it cannot be read.
func read(text string) map[string]string {
	vars, err := godotenv.Unmarshal(text)
	if err != nil {
		return nil
	}
	return vars
}
