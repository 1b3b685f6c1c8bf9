package password

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

// faulty is a hasher with one fault, laid over one that has none.
type faulty struct {
	*Hasher
	hash   func(h *Hasher, ctx context.Context, network string, p domain.Password) (domain.Secret, error)
	verify func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error)
}

func (f faulty) Hash(ctx context.Context, network string, p domain.Password) (domain.Secret, error) {
	if f.hash == nil {
		return f.Hasher.Hash(ctx, network, p)
	}
	return f.hash(f.Hasher, ctx, network, p)
}

func (f faulty) Verify(ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
	if f.verify == nil {
		return f.Hasher.Verify(ctx, network, p, hash)
	}
	return f.verify(f.Hasher, ctx, network, p, hash)
}

// faults are by the rule of the suite that has to notice them.
var faults = map[string]faulty{
	"Hash/HasASaltOfItsOwn": {hash: func(_ *Hasher, _ context.Context, _ string, p domain.Password) (domain.Secret, error) {
		salt := make([]byte, argon2SaltBytes)
		return domain.NewSecret(argon2Hash{cheap, salt, cheap.key(new(memory), p.Reveal(), salt, argon2KeyBytes)}.String()), nil
	}},
	"Hash/IsPHCOrBcrypt": {hash: func(_ *Hasher, _ context.Context, _ string, p domain.Password) (domain.Secret, error) {
		return domain.NewSecret("plain:" + p.Reveal()), nil
	}},
	"Hash/NeverCutsAPassword": {hash: func(_ *Hasher, _ context.Context, _ string, p domain.Password) (domain.Secret, error) {
		cut := []byte(p.Reveal())
		hash, err := bcrypt.GenerateFromPassword(cut[:min(len(cut), 72)], bcrypt.MinCost)
		return domain.NewSecret(string(hash)), err
	}},
	"Verify/TakesTheRightPassword": {verify: func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
		ok, _, err := h.Verify(ctx, network, p, hash)
		return ok, ok, err // renews at every sign-in
	}},
	"Verify/RefusesAWrongPassword": {verify: func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
		return h.Verify(ctx, network, secretPassword(strings.TrimSpace(p.Reveal())), hash)
	}},
	"Verify/TakesHashesMadeElsewhereAsOutdated": {verify: func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
		ok, _, err := h.Verify(ctx, network, p, hash)
		return ok, false, err
	}},
	"Verify/RenewsNoHashOfAPasswordThatWasCut": {verify: func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
		ok, _, err := h.Verify(ctx, network, p, hash)
		return ok, ok && strings.HasPrefix(hash.Reveal(), "$2"), err
	}},
	"Verify/DamagedHashIsAnError": {verify: func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
		ok, outdated, err := h.Verify(ctx, network, p, hash)
		if errors.Is(err, errDamaged) {
			return false, false, nil // as if the password were wrong
		}
		return ok, outdated, err
	}},
	"Verify/AbsurdlyCostlyHashIsAnErrorAtOnce": {verify: func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
		ok, outdated, err := h.Verify(ctx, network, p, hash)
		if errors.Is(err, errDamaged) {
			return false, false, domain.ErrInvalidCredentials
		}
		return ok, outdated, err
	}},
	"Verify/ErrorsDoNotShowTheHash": {verify: func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
		ok, outdated, err := h.Verify(ctx, network, p, hash)
		if err != nil {
			err = fmt.Errorf("%s: %w", hash.Reveal(), err)
		}
		return ok, outdated, err
	}},
	"Verify/ZeroHashIsNobodys": {verify: func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
		if hash.IsZero() {
			return p.Reveal() == "", false, nil
		}
		return h.Verify(ctx, network, p, hash)
	}},
	"Contexts/HashEndsWithItsContext": {hash: func(h *Hasher, ctx context.Context, network string, p domain.Password) (domain.Secret, error) {
		return h.Hash(context.WithoutCancel(ctx), network, p)
	}},
	"Contexts/VerifyEndsWithItsContext": {verify: func(h *Hasher, ctx context.Context, network string, p domain.Password, hash domain.Secret) (bool, bool, error) {
		if hash.IsZero() {
			return false, false, nil // an unknown account costs nothing
		}
		return h.Verify(ctx, network, p, hash)
	}},
	"Races/ManyAtOnceAreServedOrToldToWait": {hash: func(h *Hasher, ctx context.Context, network string, p domain.Password) (domain.Secret, error) {
		if p.Reveal() == "password 7" {
			return domain.Secret{}, &domain.Error{Code: domain.CodeBusy} // for how long?
		}
		return h.Hash(ctx, network, p)
	}},
}

// faultToRun names the fault that a child process runs the suite with.
const faultToRun = "LATCHKEY_TEST_FAULT"

// TestSuiteNoticesFaults runs the suite on each faulty hasher, in a process of its own, since it is to fail there.
func TestSuiteNoticesFaults(t *testing.T) {
	if name := os.Getenv(faultToRun); name != "" {
		porttest.TestPasswordHasher(t, func(t *testing.T) ports.PasswordHasher {
			fault := faults[name]
			fault.Hasher = open(t, configs["argon2id"])
			return fault
		})
		return
	}
	for rule := range faults {
		t.Run(rule, func(t *testing.T) {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSuiteNoticesFaults$/^"+strings.ReplaceAll(rule, "/", "$/^")+"$")
			child.Env = append(os.Environ(), faultToRun+"="+rule)
			out, err := child.CombinedOutput()
			if err == nil || !bytes.Contains(out, []byte("--- FAIL: TestSuiteNoticesFaults/"+rule)) {
				t.Errorf("nobody noticed: %v\n%s", err, out)
			}
		})
	}
}
