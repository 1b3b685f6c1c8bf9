package config

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// Setting documents one setting.
type Setting struct {
	Name    string // the variable
	Default string // "" where none
	Takes   string
	Doc     string
	Secret  bool
}

// Settings documents all settings, in the order of Config.
func Settings() []Setting {
	var all []Setting
	for field := range reflect.TypeFor[Config]().Fields() {
		all = append(all, Setting{
			Name:    field.Tag.Get("env"),
			Default: field.Tag.Get("envDefault"),
			Takes:   field.Tag.Get("takes"),
			Doc:     field.Tag.Get("doc"),
			Secret:  field.Tag.Get("secret") != "",
		})
	}
	return all
}

// hidden stands for what must not be seen.
const hidden = "[hidden]"

// Value is what holds for the setting in cfg, which was parsed from vars, fit to be shown: secrets are hidden, and
// passwords in URLs too.
func (s Setting) Value(cfg Config, vars map[string]string) string {
	value := vars[s.Name]
	switch {
	case value == "":
		return cmp.Or(cfg.derived()[s.Name], s.Default)
	case s.Secret:
		return hidden
	}
	return hidePassword(value)
}

// secretOption is an option of a URL that holds a secret, such as the password= of redis+sentinel: and the
// tlsCertificateKeyFilePassword= of mongodb:, without its value. Escapes are how a name may hide from it.
var secretOption = regexp.MustCompile(`(?i)([?&;][^=&;]*(?:pass|secret|token|properties|%)[^=&;]*=)[^&;]*`)

// hidePassword hides the password of a URL, and those among its options. Where the text has an "@" and yet is no URL, or
// the "@" and the host behind it were forgotten, it hides it all.
func hidePassword(text string) string {
	scheme, rest, found := strings.Cut(text, "://")
	at := strings.LastIndex(rest, "@")
	switch {
	case at >= 0:
		user, _, _ := strings.Cut(rest[:at], ":")
		text = scheme + "://" + user + ":" + hidden + "@" + rest[at+1:]
	case strings.Contains(text, "@"), found && endsInPassword(rest):
		return hidden
	}
	return secretOption.ReplaceAllString(text, "${1}"+hidden)
}

// hosts is a list of hosts, each with its port or without.
var hosts = regexp.MustCompile(`^` + oneHost + `(,` + oneHost + `)*$`)

const oneHost = `([^:,\[\]]*|\[[^\]]*\])(:[0-9]{0,5})?`

// endsInPassword reports whether a URL, less its scheme, has USER:PASSWORD where its hosts should be: no port is like that.
func endsInPassword(rest string) bool {
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	return !strings.Contains(rest, "@") && !hosts.MatchString(authority)
}

// Markdown is the settings as a table.
func Markdown() string {
	var table strings.Builder
	table.WriteString("| Variable | Default | Takes | What it is |\n|---|---|---|---|\n")
	for _, s := range Settings() {
		shown := ""
		if s.Default != "" {
			shown = "`" + s.Default + "`"
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", s.Name, shown, s.Takes, s.Doc)
	}
	return table.String()
}
