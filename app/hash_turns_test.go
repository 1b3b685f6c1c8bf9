package app_test

import (
	"context"
	"slices"
	"testing"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// networks notes whom each hash was computed for.
type networks struct {
	ports.PasswordHasher
	seen []string
}

func (n *networks) Hash(ctx context.Context, network string, p domain.Password) (domain.Secret, error) {
	n.seen = append(n.seen, "hash for "+network)
	return n.PasswordHasher.Hash(ctx, network, p)
}

func (n *networks) Verify(ctx context.Context, network string, p domain.Password, hash domain.Secret) (ok, outdated bool, err error) {
	n.seen = append(n.seen, "verify for "+network)
	return n.PasswordHasher.Verify(ctx, network, p, hash)
}

// Whoever asks for a hash waits among those of their own network, not of another, and of no network in particular least.
func TestHashesAreComputedForTheClientsNetwork(t *testing.T) {
	n := &networks{}
	w := fresh(t, func(d *app.Deps) { n.PasswordHasher, d.Hasher = d.Hasher, n })
	from := domain.Client{IP: "2001:db8::7"}
	const network = "2001:db8::/64"
	for name, ask := range map[string]func() ([]string, error){
		"register": func() ([]string, error) {
			req := registration()
			req.Email, req.Username, req.Client = "eve@example.org", "eve", from
			_, err := w.RegisterUser.Do(t.Context(), req)
			return []string{"hash for " + network}, err
		},
		"sign in, with a hash that is renewed": func() ([]string, error) {
			w.outdate()
			_, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, from))
			return []string{"verify for " + network, "hash for " + network}, err
		},
		"change the password": func() ([]string, error) {
			req := passwords(w.caller(w.signIn(from)), rightPassword, rightPassword)
			req.Client = from
			n.seen = nil
			return []string{"verify for " + network, "hash for " + network}, w.ChangePassword.Do(t.Context(), req)
		},
	} {
		n.seen = nil
		want, err := ask()
		must(t, err)
		if !slices.Equal(n.seen, want) {
			t.Errorf("%s: %q, want %q", name, n.seen, want)
		}
	}
}
