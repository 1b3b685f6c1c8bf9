package attack_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
)

// TestKeysAreRotatedUnderLoad: operators who fear that a rotation signs people out do not rotate, and a key that leaked
// once is good for ever. So two processes serve people all the while, keys are rotated as early as is allowed and noticed
// as late as may be, and not one request is refused; nor does another service meet a token whose key is not in its copy
// of the JWK set, which it keeps for as long as it may.
func TestKeysAreRotatedUnderLoad(t *testing.T) {
	l := newLoad(t)
	folder := jwt.KeyFolder{Dir: filepath.Join(l.one.DataDir, "keys"), Now: l.one.Clock.Now}
	all, err := folder.List()
	must(t, err)
	old := all[0].ID
	for range 2 { // the second time, the old key is one that came by a rotation
		next, err := folder.Add()
		must(t, err)
		l.noticed(t)
		l.advance(t, jwt.PublishedFor-time.Second)
		if err := folder.Activate(next, false); !errors.Is(err, jwt.ErrTooEarly) {
			t.Fatalf("a key is to sign that not everybody knows: %v", err)
		}
		l.advance(t, time.Second)
		must(t, folder.Activate(next, false))
		l.noticed(t)
		l.advance(t, accessTTL-2*time.Second) // the last seconds of the last token of the old key
		if err := folder.Retire(old, accessTTL, false); !errors.Is(err, jwt.ErrTooEarly) {
			t.Fatalf("a key is to go whose tokens are good: %v", err)
		}
		l.advance(t, leeway+2*time.Second)
		must(t, folder.Retire(old, accessTTL, false))
		l.noticed(t)
		old = next
	}
	if signed := l.kids(); len(signed) != 3 {
		t.Errorf("tokens were signed by the keys %v, want three", signed)
	}
}
