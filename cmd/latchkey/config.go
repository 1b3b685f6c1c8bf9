package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// configCommand lists what holds, secrets hidden. Settings that are wrong end it as they would end serving.
func configCommand(cmd *cobra.Command, _ []string) error {
	cfg, vars, err := settings()
	if err != nil {
		return err
	}
	for _, hint := range config.Mistyped(vars) {
		fmt.Fprintln(cmd.ErrOrStderr(), "latchkey:", hint)
	}
	var all []shownSetting
	for _, s := range config.Settings() {
		all = append(all, shownSetting{s.Name, s.Value(cfg, vars), s.Default, s.Takes, s.Doc, s.Secret})
	}
	return sayAll(cmd, all, "SETTING\tVALUE\tDEFAULT\tWHAT IT IS", func(s shownSetting) []any {
		return []any{s.Name, s.Value, s.Default, s.Doc}
	})
}

// shownSetting is a setting as programs see one.
type shownSetting struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Default string `json:"default"`
	Takes   string `json:"takes"`
	Doc     string `json:"doc"`
	Secret  bool   `json:"secret"`
}
