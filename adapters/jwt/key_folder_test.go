package jwt_test

import (
	"errors"
	"os"
	"path/filepath"
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
}

func newRotation(t *testing.T) *rotation {
	t.Helper()
	r := &rotation{at: time.Now()}
	r.KeyFolder = jwt.KeyFolder{Dir: t.TempDir(), Now: func() time.Time { return r.at }}
	var err error
	if r.keys, _, err = jwt.OpenKeyring(r.Dir); err != nil {
		t.Fatal(err)
	}
	r.tokens = jwt.New(config(r.keys))
	return r
}

func (r *rotation) reload(t *testing.T, rotated bool) {
	t.Helper()
	if got, err := r.keys.Reload(); err != nil || got != rotated {
		t.Fatalf("reload: rotated %v, %v; want %v", got, err, rotated)
	}
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
	r.reload(t, false)
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
	r.reload(t, true)
	after := r.issue(t)
	if part(t, after, 0)["kid"] != next {
		t.Error("the new key does not sign")
	}
	for name, token := range map[string]domain.Token{"old": before, "new": after} {
		if _, err := r.tokens.VerifyAccess(token.Secret, now); err != nil {
			t.Errorf("the %s token: %v", name, err)
		}
	}

	r.at = time.Now()
	if err := r.Retire(old, ttl, false); !errors.Is(err, jwt.ErrTooEarly) {
		t.Fatalf("a key goes whose tokens are good: %v", err)
	}
	r.at = r.at.Add(ttl + time.Minute)
	if err := r.Retire(old, ttl, false); err != nil {
		t.Fatal(err)
	}
	r.reload(t, false)
	if _, err := r.tokens.VerifyAccess(before.Secret, now); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("a token of a retired key: %v", err)
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
