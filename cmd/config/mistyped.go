package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// mistake is a variable that is no setting, and the setting that it looks like.
type mistake struct{ name, meant string }

// String names both.
func (m mistake) String() string {
	return fmt.Sprintf("%q, which is no setting (did you mean %s?)", m.name, m.meant)
}

// Mistyped tells of the variables that are no settings, and look like one. In .env they are an error; in the environment,
// which other programs have their variables in, they need not be.
func Mistyped(vars map[string]string) (hints []string) {
	for _, m := range mistyped(vars) {
		hints = append(hints, fmt.Sprintf("%s is set, which is no setting: did you mean %s?", m.name, m.meant))
	}
	return hints
}

// mistyped is the mistakes among the variables, by their names.
func mistyped(vars map[string]string) (all []mistake) {
	settings, names := Settings(), map[string]bool{}
	for _, s := range settings {
		names[s.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if names[name] {
			continue
		}
		for _, s := range settings {
			if looksLike(name, s.Name) {
				all = append(all, mistake{name, s.Name})
				break
			}
		}
	}
	return all
}

// looksLike allows for two slips, and for one in a name as short as HOST: two of those make HOME.
func looksLike(name, setting string) bool {
	slips := 2
	if len(setting) <= 4 {
		slips = 1
	}
	if len(name) > len(setting)+slips { // and is not worth the comparison
		return false
	}
	return distance(strings.ToUpper(name), setting) <= slips
}

// distance is how many letters are missing, too many, wrong, or swapped with the next one (optimal string alignment).
func distance(a, b string) int {
	before, last := []int(nil), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := append(make([]int, 0, len(b)+1), i+1)
		for j := range len(b) {
			cost := last[j]
			if a[i] != b[j] {
				cost = 1 + min(last[j], last[j+1], row[j])
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cost = min(cost, 1+before[j-1])
			}
			row = append(row, cost)
		}
		before, last = last, row
	}
	return last[len(b)]
}
