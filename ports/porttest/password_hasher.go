package porttest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// TestPasswordHasher proves an implementation of ports.PasswordHasher. Each call of open returns a hasher that nobody
// else uses. Let its hashes be cheap, since many are made, but not of bcrypt's cost 5: such a one has to be outdated.
func TestPasswordHasher(t *testing.T, open func(t *testing.T) ports.PasswordHasher) {
	prove(t, func(t *testing.T) hasher { return hasher{open(t)} }, hasherThemes)
}

var hasherThemes = []theme[hasher]{
	{"Hash", []rule[hasher]{
		{"HasASaltOfItsOwn", hashIsSalted},
		{"IsPHCOrBcrypt", hashHasItsForm},
		{"NeverCutsAPassword", hashNeverCuts},
	}},
	{"Verify", []rule[hasher]{
		{"TakesTheRightPassword", verifyTakesTheRight},
		{"RefusesAWrongPassword", verifyRefusesAWrong},
		{"TakesHashesMadeElsewhereAsOutdated", verifyTakesElsewhere},
		{"RenewsNoHashOfAPasswordThatWasCut", verifyKeepsCut},
		{"DamagedHashIsAnError", verifyRefusesDamaged},
		{"AbsurdlyCostlyHashIsAnErrorAtOnce", verifyRefusesAbsurd},
		{"ErrorsDoNotShowTheHash", verifyShowsNoHash},
		{"ZeroHashIsNobodys", verifyZeroHash},
	}},
	{"Contexts", []rule[hasher]{
		{"HashEndsWithItsContext", hashHonoursContext},
		{"VerifyEndsWithItsContext", verifyHonoursContext},
	}},
	{"Races", []rule[hasher]{
		{"ManyAtOnceAreServedOrToldToWait", hasherServesMany},
	}},
}

// hasher is the hasher under test, with the steps that rules are made of.
type hasher struct{ ports.PasswordHasher }

// hasherNetwork is where all who ask for hashes are.
const hasherNetwork = "192.0.2.1"

func hasherPassword(password string) domain.Password {
	return domain.Password{Secret: domain.NewSecret(password)}
}

func (h hasher) hash(t *testing.T, password string) domain.Secret {
	t.Helper()
	hash, err := h.Hash(t.Context(), hasherNetwork, hasherPassword(password))
	wantNoError(t, "Hash", err)
	return hash
}

// want compares with a password, where there is nothing wrong with the hash.
func (h hasher) want(t *testing.T, password string, hash domain.Secret, wantOK, wantOutdated bool) {
	t.Helper()
	ok, outdated, err := h.Verify(t.Context(), hasherNetwork, hasherPassword(password), hash)
	wantNoError(t, "Verify", err)
	if ok != wantOK || outdated != wantOutdated {
		t.Errorf("Verify of the password %s: got ok %t and outdated %t, want %t and %t", show(password), ok, outdated, wantOK, wantOutdated)
	}
}

// wantRefusal compares with a hash that is no good. Its error is no domain error: clients are told nothing of it.
func (h hasher) wantRefusal(t *testing.T, hash string) error {
	t.Helper()
	ok, outdated, err := h.Verify(t.Context(), hasherNetwork, hasherPassword("password"), domain.NewSecret(hash))
	if _, told := errors.AsType[*domain.Error](err); err == nil || told || ok || outdated {
		t.Errorf("Verify of the hash %s: got ok %t, outdated %t and the error %v, want an error that is no domain error", show(hash), ok, outdated, err)
	}
	return err
}

func hashIsSalted(t *testing.T, h hasher) {
	seen := map[string]bool{}
	for range 8 {
		hash := h.hash(t, "password").Reveal()
		if seen[hash] {
			t.Fatal("two hashes of one password are the same")
		}
		seen[hash] = true
	}
}

func hashHasItsForm(t *testing.T, h hasher) {
	hash := h.hash(t, "correct horse").Reveal()
	if !strings.HasPrefix(hash, "$") || strings.Contains(hash, "correct") {
		t.Errorf("%q is neither in PHC string format nor in bcrypt's", hash)
	}
}

// hashNeverCuts: where the last byte of a password does not count, its beginning is enough to sign in.
func hashNeverCuts(t *testing.T, h hasher) {
	for _, length := range []int{72, 73, 128, domain.MaxPasswordBytes} {
		password := strings.Repeat("p", length)
		hash, err := h.Hash(t.Context(), hasherNetwork, hasherPassword(password))
		if e, ok := errors.AsType[*domain.Error](err); ok && e.Code == domain.CodeValidationFailed {
			if len(e.Fields) != 1 || e.Fields[0].Field != "password" || !hash.IsZero() {
				t.Errorf("Hash of %d bytes: %v blames other fields than password, or came with a hash", length, err)
			}
			continue
		}
		wantNoError(t, "Hash", err)
		h.want(t, password, hash, true, false)
		h.want(t, password[1:]+"q", hash, false, false)
	}
}

func verifyTakesTheRight(t *testing.T, h hasher) {
	for _, password := range hasherOddPasswords {
		h.want(t, password, h.hash(t, password), true, false)
	}
}

func verifyRefusesAWrong(t *testing.T, h hasher) {
	hash := h.hash(t, "correct horse")
	for _, password := range []string{
		"", "c", "correct hors", "correct horse ", " correct horse", "Correct horse", "correct horse\x00", "correct horsf", hash.Reveal(),
	} {
		h.want(t, password, hash, false, false)
	}
	h.want(t, "nul\x00without", h.hash(t, "nul\x00within"), false, false)
}

func verifyTakesElsewhere(t *testing.T, h hasher) {
	for _, made := range hasherMadeElsewhere {
		t.Log(made.by)
		hash := domain.NewSecret(made.hash)
		h.want(t, made.password, hash, true, true)
		h.want(t, "?"+made.password, hash, false, false)
	}
}

// verifyKeepsCut: a new hash would be of what was typed behind the part that counts, and lock the owner out by a typo.
func verifyKeepsCut(t *testing.T, h hasher) {
	for _, password := range []string{hasherCut.password, hasherCut.password + "typo", hasherCut.password[:72]} {
		h.want(t, password, domain.NewSecret(hasherCut.hash), true, false)
	}
	h.want(t, hasherCut.password[:71], domain.NewSecret(hasherCut.hash), false, false)
}

func verifyRefusesDamaged(t *testing.T, h hasher) {
	for _, hash := range hasherDamaged {
		_ = h.wantRefusal(t, hash)
	}
	whole := h.hash(t, "password").Reveal()
	// Six characters fewer are no base64 of anything. With fewer or more cut off, a shorter hash might be left.
	for _, hash := range []string{whole[:len(whole)-6], whole[1:], whole + "$", whole + "\n", " " + whole, strings.ToUpper(whole)} {
		_ = h.wantRefusal(t, hash)
	}
}

// verifyRefusesAbsurd would not end, or run out of memory, if one of these were computed.
func verifyRefusesAbsurd(t *testing.T, h hasher) {
	for _, hash := range hasherAbsurd {
		_ = h.wantRefusal(t, hash)
	}
}

func verifyShowsNoHash(t *testing.T, h hasher) {
	for _, hash := range hasherDamaged {
		if len(hash) < 20 {
			continue // a word that an error may well contain
		}
		if err := h.wantRefusal(t, hash); strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), hash) {
			t.Errorf("Verify shows the hash in its error: %.200v", err)
		}
	}
}

func verifyZeroHash(t *testing.T, h hasher) {
	for _, password := range append([]string{"", strings.Repeat("p", domain.MaxPasswordBytes)}, hasherOddPasswords...) {
		h.want(t, password, domain.Secret{}, false, false)
	}
}

func hashHonoursContext(t *testing.T, h hasher) {
	wantRefused(t, "Hash", func(ctx context.Context) error {
		hash, err := h.Hash(ctx, hasherNetwork, hasherPassword("password"))
		if !hash.IsZero() {
			t.Error("Hash answers a hash beside its error")
		}
		return err
	})
}

func verifyHonoursContext(t *testing.T, h hasher) {
	for _, hash := range []domain.Secret{h.hash(t, "password"), {}} {
		wantRefused(t, "Verify", func(ctx context.Context) error {
			ok, _, err := h.Verify(ctx, hasherNetwork, hasherPassword("password"), hash)
			if ok {
				t.Error("Verify answers ok beside its error")
			}
			return err
		})
	}
}

// hasherServesMany gives everyone a password of their own, so that whoever mixes two up is noticed.
func hasherServesMany(t *testing.T, h hasher) {
	for _, err := range together(crowd, func(i int) error { return h.serves(t.Context(), i) }) {
		if e, ok := errors.AsType[*domain.Error](err); err != nil && (!ok || e.Code != domain.CodeBusy || e.RetryAfter <= 0) {
			t.Errorf("got the error %v, want none, or domain.Busy with a time to wait", err)
		}
	}
}

func (h hasher) serves(ctx context.Context, i int) error {
	mine, yours := hasherPassword(fmt.Sprint("password ", i)), hasherPassword(fmt.Sprint("password ", i+1))
	hash, err := h.Hash(ctx, hasherNetwork, mine)
	if err != nil {
		return err
	}
	right, _, err := h.Verify(ctx, hasherNetwork, mine, hash)
	if err != nil {
		return err
	}
	wrong, _, err := h.Verify(ctx, hasherNetwork, yours, hash)
	if err == nil && (!right || wrong) {
		return fmt.Errorf("the right password verifies: %t, somebody else's: %t", right, wrong)
	}
	return err
}
