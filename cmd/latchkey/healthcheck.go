package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// healthcheckCommand is for containers, which have no other program to ask with.
func healthcheckCommand(cmd *cobra.Command, _ []string) error {
	cfg, _, err := settings()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+ownAddress(cfg)+"/healthz", nil)
	if err != nil {
		return err
	}
	direct := http.Client{Transport: &http.Transport{}} // whatever HTTP_PROXY says
	answer, err := direct.Do(req)
	if err != nil {
		return errors.New("nobody answers at " + ownAddress(cfg))
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", ownAddress(cfg), answer.Status)
	}
	return say(cmd, shownHealth{OK: true, Address: ownAddress(cfg)}, line("ok"))
}

// shownHealth is what programs are told of a process that is up. Of one that is not, the exit code tells.
type shownHealth struct {
	OK      bool   `json:"ok"`
	Address string `json:"address"`
}

// ownAddress is where the process serves: on loopback, where it serves on all addresses.
func ownAddress(cfg config.Config) string {
	host := cfg.Host
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, cfg.Port.String())
}
