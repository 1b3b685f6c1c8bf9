package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/bcrypt"
)

// newBcryptCommand is what this program runs of itself on the servers' core.
func newBcryptCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "raw-bcrypt DURATION",
		Short: "Compute bcrypt (cost 10) on one core, and print how many hashes a second",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := time.ParseDuration(args[0])
			if err != nil {
				return err
			}
			rate, err := hashes(d)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%.3f\n", rate)
			return err
		},
	}
}

// hashes is how many passwords a second can be compared with their hashes, one after the other.
func hashes(d time.Duration) (perSecond float64, err error) {
	runtime.GOMAXPROCS(1)
	password := []byte("a lamp beside the door")
	hash, err := bcrypt.GenerateFromPassword(password, bcrypt.DefaultCost)
	if err != nil {
		return 0, err
	}
	began, n := time.Now(), 0
	for time.Since(began) < d {
		if err := bcrypt.CompareHashAndPassword(hash, password); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(began).Seconds(), nil
}
