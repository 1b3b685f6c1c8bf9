package main

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/adapters/ownership"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
	"github.com/latchkey-auth/latchkey/domain"
)

const keysHelp = `The keys that sign access tokens lie in DATA_DIR/keys. To rotate them, without one token refused:

  latchkey keys add             makes a key; it is published, and does not sign yet
  latchkey keys activate KID    five minutes later, lets it sign
  latchkey keys retire OLD-KID  once the last token of the old key has expired, removes that

Processes that run notice by themselves, within seconds. Each step that comes too early is
refused. When a key has leaked, take all three at once, with --now: tokens of the old key are
refused from then on, and their owners' front ends refresh them. Other services go on taking
them until they read the keys anew, for up to five minutes.`

func newKeysCommand() *cobra.Command {
	keys := &cobra.Command{Use: "keys", Short: "List and rotate the keys that sign access tokens", Long: keysHelp, Args: noArgs,
		Example: "  latchkey keys list\n  latchkey keys add",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	var now bool
	activate := keyCommand("activate KID", "Let a key sign", func(f jwt.KeyFolder, _ config.Config, id string) error {
		return f.Activate(id, now)
	})
	retire := keyCommand("retire KID", "Remove a key that no longer signs", func(f jwt.KeyFolder, cfg config.Config, id string) error {
		return f.Retire(id, time.Duration(cfg.AccessTokenExpiry), now)
	})
	for _, cmd := range []*cobra.Command{activate, retire} {
		cmd.Flags().BoolVar(&now, "now", false, "take the step although it is too early")
		cmd.Example = "  latchkey keys " + cmd.Name() + " KID\n  latchkey keys " + cmd.Name() + " --now KID"
	}
	keys.AddCommand(
		withJSON(&cobra.Command{Use: "list", Short: "List the keys", Args: noArgs, RunE: listKeys,
			Example: "  latchkey keys list\n  latchkey keys list --json | jq -r 'select(.state == \"signs\").kid'"}),
		withJSON(&cobra.Command{Use: "add", Short: "Make a key, which is published and does not sign yet", Args: noArgs, RunE: addKey,
			Example: "  latchkey keys add"}),
		activate, retire,
	)
	return keys
}

// keyStep takes a step of a rotation, and none of which no event can be kept. The command stands for the client.
func keyStep(cmd *cobra.Command, do func(jwt.KeyFolder, config.Config) error) error {
	folder, cfg, err := keyFolder()
	if err != nil {
		return err
	}
	events, closeEvents, err := wiring.OpenEvents(cfg, newCommandLogger(cfg, cmd.ErrOrStderr()))
	if err != nil {
		return err
	}
	folder.Rotated = func(r domain.KeyRotation) {
		events.Emit(cmd.Context(), domain.Event{Kind: domain.EventKeyRotated, At: folder.Now().UTC(), Rotation: r,
			Client: domain.Client{UserAgent: cmd.CommandPath()}})
	}
	return errors.Join(explainKeys(folder, do(folder, cfg)), closeEvents())
}

// keyCommand is a command about the one key that its argument names.
func keyCommand(use, short string, do func(jwt.KeyFolder, config.Config, string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("%s takes the id of one key", cmd.CommandPath()))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return keyStep(cmd, func(folder jwt.KeyFolder, cfg config.Config) error { return do(folder, cfg, args[0]) })
		},
	}
}

func listKeys(cmd *cobra.Command, _ []string) error {
	folder, _, err := keyFolder()
	if err != nil {
		return err
	}
	all, err := folder.List()
	if err != nil {
		return explainKeys(folder, err)
	}
	shown := make([]shownKey, len(all))
	for i, key := range all {
		shown[i] = shownKey{key.ID, "accepted", timestamp(key.Since)}
		if key.Active {
			shown[i].State = "signs"
		}
	}
	return sayAll(cmd, shown, "KID\tSTATE\tSINCE", func(k shownKey) []any { return []any{k.ID, k.State, k.Since} })
}

// shownKey is a key as programs see one.
type shownKey struct {
	ID    string `json:"kid"`
	State string `json:"state,omitempty"`
	Since string `json:"since,omitempty"`
}

func addKey(cmd *cobra.Command, _ []string) error {
	return keyStep(cmd, func(folder jwt.KeyFolder, _ config.Config) error {
		id, err := folder.Add()
		if err != nil {
			return err
		}
		return say(cmd, shownKey{ID: id}, line("%s", id))
	})
}

// keyFolder is the folder of keys of the settings.
func keyFolder() (jwt.KeyFolder, config.Config, error) {
	cfg, _, err := settings()
	if err == nil && !cfg.AccessTokenSecret.IsZero() {
		err = errors.New("there are no keys: access tokens are signed with ACCESS_TOKEN_SECRET")
	}
	return jwt.KeyFolder{Dir: cfg.KeyDir(), Now: time.Now, Made: ownership.Give}, cfg, err
}

// explainKeys says of a folder that is not there what makes one.
func explainKeys(folder jwt.KeyFolder, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there are no keys in %s; the first start makes one", folder.Dir)
	}
	return err
}
