package config

import (
	"cmp"
	"fmt"
	"reflect"
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

// Value is what holds for the setting in cfg, which was parsed from vars, fit to be shown: secrets are hidden, and
// passwords in URLs too.
func (s Setting) Value(cfg Config, vars map[string]string) string {
	value := vars[s.Name]
	switch {
	case value == "":
		return cmp.Or(cfg.derived()[s.Name], s.Default)
	case s.Secret:
		return "[hidden]"
	}
	return hidePassword(value)
}

// hidePassword hides the password of a URL. Where the text has an "@" and yet is no URL, it hides it all.
func hidePassword(text string) string {
	scheme, rest, found := strings.Cut(text, "://")
	at := strings.LastIndex(rest, "@")
	if !strings.Contains(text, "@") {
		return text
	}
	if !found || at < 0 {
		return "[hidden]"
	}
	user, _, _ := strings.Cut(rest[:at], ":")
	return fmt.Sprintf("%s://%s:[hidden]@%s", scheme, user, rest[at+1:])
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
