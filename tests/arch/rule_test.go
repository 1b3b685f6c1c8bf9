// Package arch holds the rules of the house: which way imports run, and who reads the environment.
package arch

import (
	"slices"
	"strings"
)

const module = "github.com/latchkey-auth/latchkey"

// unknowing are the packages of formats and transports, of which the inside of the house knows nothing.
var unknowing = []string{"net/http", "encoding/json", "encoding/xml", "encoding/gob", "database/sql", "html", "os", "flag"}

// violation says what is wrong with a package importing another, "" where nothing is. Paths are import paths;
// inside the module they begin with a slash, as in "/domain".
func violation(importer, imported string) string {
	from, to := layerOf(importer), layerOf(imported)
	switch {
	case from == "tests":
		return "" // they see the whole
	case to == "tests" || to == "ports/porttest" || imported == "testing":
		if from == "ports/porttest" {
			return ""
		}
		return "what serves needs no tests"
	case to == "cmd" && from != "cmd":
		return "cmd knows everybody, and nobody knows cmd"
	}
	switch from {
	case "domain":
		if to == "domain" || isPure(imported) || within(imported, "golang.org/x/text") {
			return ""
		}
		return "domain imports the standard library and golang.org/x/text, and knows no format and no transport"
	case "ports":
		if to == "domain" || to == "ports" || isPure(imported) {
			return ""
		}
		return "ports know the domain alone"
	case "app":
		if to == "domain" || to == "ports" || to == "app" || isPure(imported) || within(imported, "golang.org/x/sync") {
			return ""
		}
		return "app knows ports and domain, and no technology"
	case "ports/porttest":
		if to == "domain" || to == "ports" || to == from || !inModule(imported) {
			return ""
		}
		return "the suites know the ports alone"
	case "adapters":
		if to == "adapters" && adapterOf(importer) != adapterOf(imported) {
			return "no adapter knows another"
		}
		if to == "" && inModule(imported) {
			return "adapters import app, ports and domain"
		}
		return ""
	case "cmd":
		return ""
	}
	return "a folder that the rule does not know"
}

// layerOf is the part of the house that a package is in, "" outside.
func layerOf(path string) string {
	if within(path, "/ports/porttest") {
		return "ports/porttest"
	}
	for _, layer := range []string{"domain", "ports", "app", "adapters", "cmd", "tests"} {
		if within(path, "/"+layer) {
			return layer
		}
	}
	return ""
}

// adapterOf is the folder of an adapter, whatever is below it.
func adapterOf(path string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/adapters/"), "/")
	return name
}

func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func inModule(path string) bool { return strings.HasPrefix(path, "/") }

// isStandard reports whether a path is of the standard library: its first element has no dot.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first != "" && !strings.Contains(first, ".") && path != "C"
}

// isPure reports whether a path is of the standard library and fit for the inside of the house.
func isPure(path string) bool { return isStandard(path) && !slices.Contains(unknowing, path) }
