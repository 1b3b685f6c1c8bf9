package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/latchkey-auth/latchkey/domain"
)

// readPassword takes a new password from standard input. At a terminal it is not shown, and asked for twice. Elsewhere it
// is all that comes, up to a newline at the end.
func readPassword(cmd *cobra.Command) (domain.Secret, error) {
	if file, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return askTwice(cmd, int(file.Fd()))
	}
	const newline = 2 // bytes, at most
	piped, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), domain.MaxPasswordBytes+newline+1))
	if err != nil {
		return domain.Secret{}, fmt.Errorf("read the password: %w", err)
	}
	if len(piped) == 0 {
		return domain.Secret{}, usage(errors.New("no password came on standard input"))
	}
	return domain.NewSecret(strings.TrimSuffix(strings.TrimSuffix(string(piped), "\n"), "\r")), nil
}

func askTwice(cmd *cobra.Command, terminal int) (domain.Secret, error) {
	once, err := ask(cmd, terminal, "New password: ")
	if err != nil {
		return domain.Secret{}, err
	}
	again, err := ask(cmd, terminal, "Once more: ")
	if err != nil {
		return domain.Secret{}, err
	}
	if !once.Equal(again) {
		return domain.Secret{}, usage(errors.New("the two passwords differ"))
	}
	return once, nil
}

// ask asks for a line that is not shown. Whoever breaks that off gets a terminal back that shows what they type.
func ask(cmd *cobra.Command, terminal int, prompt string) (domain.Secret, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return domain.Secret{}, fmt.Errorf("read the password: %w", err)
	}
	fmt.Fprint(cmd.ErrOrStderr(), prompt)
	defer fmt.Fprintln(cmd.ErrOrStderr())
	type answer struct {
		line []byte
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(terminal)
		answered <- answer{line, err}
	}()
	select {
	case got := <-answered:
		if got.err != nil {
			return domain.Secret{}, fmt.Errorf("read the password: %w", got.err)
		}
		return domain.NewSecret(string(got.line)), nil
	case <-cmd.Context().Done(): // a signal, which does not end the reading
		return domain.Secret{}, errors.Join(context.Cause(cmd.Context()), term.Restore(terminal, before))
	}
}
