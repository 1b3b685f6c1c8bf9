package jwt_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/domain"
)

const ttl = 15 * time.Minute

// rotation is a folder of keys, a process that runs on it, and the operator who rotates.
type rotation struct {
	jwt.KeyFolder
	keys   *jwt.Keyring
	tokens *jwt.Tokens
	at     time.Time
	taken  []domain.KeyRotation // by the operator
}

func newRotation(t *testing.T) *rotation {
	t.Helper()
	r := &rotation{at: time.Now()}
	r.KeyFolder = jwt.KeyFolder{Dir: t.TempDir(), Now: func() time.Time { return r.at },
		Rotated: func(step domain.KeyRotation) { r.taken = append(r.taken, step) }}
	var err error
	if r.keys, _, err = jwt.OpenKeyring(r.Dir); err != nil {
		t.Fatal(err)
	}
	r.tokens = jwt.New(config(r.keys))
	return r
}

// reload checks that the process notices exactly the steps that the operator took since the last time.
func (r *rotation) reload(t *testing.T, want ...domain.KeyRotation) {
	t.Helper()
	if got, err := r.keys.Reload(); err != nil || !slices.Equal(got, want) || !slices.Equal(r.taken, want) {
		t.Fatalf("noticed %v, taken %v, %v; want %v", got, r.taken, err, want)
	}
	r.taken = nil
}

func (r *rotation) issue(t *testing.T) domain.Token {
	t.Helper()
	token, err := r.tokens.IssueAccess(user, session, now)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestAKeyIsRotatedWithoutRefusingAnybody(t *testing.T) {
	r := newRotation(t)
	old := r.keys.Active().ID
	before := r.issue(t)

	next, err := r.Add()
	if err != nil {
		t.Fatal(err)
	}
	r.reload(t, domain.KeyRotation{KeyID: next, Step: domain.KeyAdded})
	if _, ok := r.keys.Find(next); !ok || r.keys.Active().ID != old {
		t.Fatal("a new key is to be accepted, and not to sign")
	}
	if err := r.Activate(next, false); !errors.Is(err, jwt.ErrTooEarly) {
		t.Fatalf("a key that nobody knows signs: %v", err)
	}
	r.at = r.at.Add(jwt.ReloadEvery + jwt.PublishedFor + time.Second)
	if err := r.Activate(next, false); err != nil {
		t.Fatal(err)
	}
	r.reload(t, domain.KeyRotation{KeyID: next, Step: domain.KeyActivated})
	after := r.issue(t)
	if part(t, after, 0)["kid"] != next {
		t.Error("the new key does not sign")
	}
	for name, token := range map[string]domain.Token{"old": before, "new": after} {
		if _, err := r.tokens.VerifyAccess(token.Secret, now); err != nil {
			t.Errorf("the %s token: %v", name, err)
		}
	}

	r.at = r.at.Add(jwt.ReloadEvery + ttl) // the last one may have been signed by a process that had not noticed
	if err := r.Retire(old, ttl, false); !errors.Is(err, jwt.ErrTooEarly) || !strings.HasSuffix(err.Error(), "another 30s") {
		t.Fatalf("a key goes whose tokens are good: %v", err)
	}
	r.at = r.at.Add(30 * time.Second)
	if err := r.Retire(old, ttl, false); err != nil {
		t.Fatal(err)
	}
	r.reload(t, domain.KeyRotation{KeyID: old, Step: domain.KeyRetired})
	if _, err := r.tokens.VerifyAccess(before.Secret, now); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("a token of a retired key: %v", err)
	}
}

// A key that has leaked is replaced at once, whoever is refused for it.
func TestALeakedKeyGoesAtOnce(t *testing.T) {
	r := newRotation(t)
	leaked, token := r.keys.Active().ID, r.issue(t)
	next, err := r.Add()
	if err := errors.Join(err, r.Activate(next, true), r.Retire(leaked, ttl, true)); err != nil {
		t.Fatal(err)
	}
	r.reload(t, domain.KeyRotation{KeyID: next, Step: domain.KeyAdded}, domain.KeyRotation{KeyID: next, Step: domain.KeyActivated},
		domain.KeyRotation{KeyID: leaked, Step: domain.KeyRetired})
	if _, err := r.tokens.VerifyAccess(token.Secret, now); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("a token of a key that has leaked: %v", err)
	}
}

func TestStepsOfARotationThatMakeNoSense(t *testing.T) {
	r := newRotation(t)
	active := r.keys.Active().ID
	for name, got := range map[string]error{
		"retire the key that signs": r.Retire(active, ttl, true),
		"activate nothing":          r.Activate("nothing", true),
		"retire a path":             r.Retire("../keys/"+active, ttl, true),
		"activate a pattern":        r.Activate("*", true),
	} {
		if !errors.Is(got, jwt.ErrNoSuchKey) && !errors.Is(got, jwt.ErrKeyIsActive) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if err := r.Activate(active, false); err != nil {
		t.Errorf("to activate the active key again is no error: %v", err)
	}
	if r.taken != nil {
		t.Errorf("steps are told of that were not taken: %v", r.taken)
	}
	all, err := r.List()
	if err != nil || len(all) != 1 || !all[0].Active || all[0].ID != active {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestAFolderThatCannotBeReadChangesNothing(t *testing.T) {
	r := newRotation(t)
	token := r.issue(t)
	if err := os.WriteFile(filepath.Join(r.Dir, "active"), []byte("nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.keys.Reload(); err == nil {
		t.Error("it is read all the same")
	}
	if _, err := r.tokens.VerifyAccess(token.Secret, now); err != nil {
		t.Error(err)
	}
}

// Nobody is told that a leaked key is gone while processes go on taking it.
func TestNoStepIsTakenThatProcessesWouldNotNotice(t *testing.T) {
	for name, stray := range map[string]func(leaked []byte) []byte{
		"a damaged file":           func([]byte) []byte { return []byte("damaged") },
		"a copy of the leaked key": func(leaked []byte) []byte { return leaked },
	} {
		r := newRotation(t)
		leaked := r.keys.Active().ID
		next, err := r.Add()
		if err := errors.Join(err, r.Activate(next, true)); err != nil {
			t.Fatal(err)
		}
		r.taken = nil
		key, err := os.ReadFile(filepath.Join(r.Dir, leaked+".pem"))
		if err := errors.Join(err, os.WriteFile(filepath.Join(r.Dir, "stray.pem"), stray(key), 0o600)); err != nil {
			t.Fatal(err)
		}
		if err := r.Retire(leaked, ttl, true); err == nil || !strings.Contains(err.Error(), "stray.pem") {
			t.Errorf("%s: retiring says %v", name, err)
		}
		if err := r.Activate(leaked, true); err == nil || r.taken != nil {
			t.Errorf("%s: activating says %v, taken are %v", name, err, r.taken)
		}
	}
}

func TestTheFirstRefreshSecretSignsAndAllAreAccepted(t *testing.T) {
	oldest := domain.NewSecret("the secret that served until now, 32 bytes")
	before := newTokensWith(oldest)
	after := newTokensWith(secret, oldest)
	token, err := before.IssueRefresh(session)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := after.VerifyRefresh(token.Secret, now); err != nil {
		t.Errorf("a token of the older secret: %v", err)
	}
	if token, err = after.IssueRefresh(session); err != nil {
		t.Fatal(err)
	}
	if _, err := newTokensWith(secret).VerifyRefresh(token.Secret, now); err != nil {
		t.Errorf("the newest secret does not sign: %v", err)
	}
	if _, err := before.VerifyRefresh(token.Secret, now); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("a secret that is not in the list: %v", err)
	}
}

func newTokensWith(secrets ...domain.Secret) *jwt.Tokens {
	cfg := config(jwt.HMACKeyring(secret))
	cfg.RefreshSecrets = secrets
	return jwt.New(cfg)
}
