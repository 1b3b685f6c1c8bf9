package accesstoken_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/tests/scenario"
)

const jwksPath = "/.well-known/jwks.json"

// TestKeysAreRotatedUnderUse: keys are rotated as early as Latchkey allows, while people sign in and call all the time;
// the verifier looks for keys as late as it may. Not one request is refused.
func TestKeysAreRotatedUnderUse(t *testing.T) {
	l := open(t)
	u := &use{latchkey: l}
	u.call(t)
	for range 2 { // the second time, the old key is one that came by a rotation
		old := activeKey(t, l)
		next, err := l.keys.Add()
		must(t, err)
		l.ReloadKeys(t.Context())
		u.pass(t, jwt.ReloadEvery+jwt.PublishedFor)
		must(t, l.keys.Activate(next, false))
		l.ReloadKeys(t.Context())
		u.pass(t, accessTTL+30*time.Second+jwt.ReloadEvery)
		must(t, l.keys.Retire(old, accessTTL, false))
		l.ReloadKeys(t.Context())
		u.pass(t, jwt.PublishedFor)
	}
	if got, most := l.link.count(jwksPath), int(u.passed/(5*time.Minute))+1; got > most {
		t.Errorf("keys were fetched %d times in %s, want at most %d", got, u.passed, most)
	}
}

// use is people who call another service.
type use struct {
	latchkey
	held   []scenario.SignedIn
	passed time.Duration
}

// pass lets time pass, in which people call every 40 seconds and at its end.
func (u *use) pass(t *testing.T, d time.Duration) {
	t.Helper()
	for d > 0 {
		step := min(d, 40*time.Second)
		u.Clock.Advance(step)
		u.passed += step
		d -= step
		u.call(t)
	}
}

// call signs somebody in, and has everybody call at once whose token has not expired.
func (u *use) call(t *testing.T) {
	t.Helper()
	u.held = append(u.held, u.signIn(t))
	var calls sync.WaitGroup
	for _, in := range u.held {
		if !u.Clock.Now().Before(in.AccessTokenExpiresAt) {
			continue
		}
		calls.Go(func() {
			if _, err := u.verifier.Verify(t.Context(), in.AccessToken); err != nil {
				t.Errorf("after %s: %v", u.passed, err)
			}
		})
	}
	calls.Wait()
}

func activeKey(t *testing.T, l latchkey) string {
	t.Helper()
	all, err := l.keys.List()
	must(t, err)
	for _, key := range all {
		if key.Active {
			return key.ID
		}
	}
	t.Fatal("no key is active")
	return ""
}

// rotate replaces the key at once, as after a theft.
func (l latchkey) rotate(t *testing.T) {
	t.Helper()
	old := activeKey(t, l)
	next, err := l.keys.Add()
	must(t, err)
	must(t, l.keys.Activate(next, true))
	must(t, l.keys.Retire(old, accessTTL, true))
	l.ReloadKeys(t.Context())
}

// TestAKeyThatIsReplacedAtOnce: the new one is looked for as soon as it is met, and with that the old one is gone.
func TestAKeyThatIsReplacedAtOnce(t *testing.T) {
	l := open(t)
	before := l.signIn(t).AccessToken
	l.verify(t, before, nil)
	l.rotate(t)
	l.Clock.Advance(10 * time.Second)
	l.verify(t, l.signIn(t).AccessToken, nil)
	l.verify(t, before, accesstoken.ErrInvalid)
}

// TestAKeyThatLeavesIsDropped also where nobody shows a token of the new one.
func TestAKeyThatLeavesIsDropped(t *testing.T) {
	l := open(t)
	before := l.signIn(t).AccessToken
	l.verify(t, before, nil)
	l.rotate(t)
	l.Clock.Advance(5*time.Minute - time.Second)
	l.verify(t, before, nil)
	l.Clock.Advance(time.Second)
	l.verify(t, before, accesstoken.ErrInvalid)
}

// TestForgedKeyIDsDoNotHammerTheIssuer: whoever makes up key ids makes this service fetch once in ten seconds, and keeps
// nobody out.
func TestForgedKeyIDsDoNotHammerTheIssuer(t *testing.T) {
	l := open(t)
	good := l.signIn(t).AccessToken
	key, _ := l.signingKey(t)
	storm := func() {
		var calls sync.WaitGroup
		for range 32 {
			calls.Go(func() {
				forged := sign(t, jose.EdDSA, key, map[jose.HeaderKey]any{"kid": t.Name(), "typ": "at+jwt"}, "{}")
				if _, err := l.verifier.Verify(t.Context(), forged); !errors.Is(err, accesstoken.ErrInvalid) {
					t.Errorf("a forged key id: %v", err)
				}
			})
			calls.Go(func() {
				if _, err := l.verifier.Verify(t.Context(), good); err != nil {
					t.Errorf("a good token: %v", err)
				}
			})
		}
		calls.Wait()
	}
	for fetches := 1; fetches <= 3; fetches++ {
		storm()
		storm()
		if got := l.link.count(jwksPath); got != fetches {
			t.Fatalf("keys were fetched %d times, want %d", got, fetches)
		}
		l.Clock.Advance(10 * time.Second)
	}
}

// TestKeysOutliveAnOutage, but not for ever, and who has none says that nothing can be said.
func TestKeysOutliveAnOutage(t *testing.T) {
	l := open(t)
	l.link.cut()
	l.verify(t, l.signIn(t).AccessToken, accesstoken.ErrUnavailable)
	l.link.becomes(nil)
	l.Clock.Advance(10 * time.Second)
	l.verify(t, l.signIn(t).AccessToken, nil)
	l.link.cut()
	l.Clock.Advance(time.Hour - time.Nanosecond)
	token := l.signIn(t).AccessToken
	l.verify(t, token, nil)
	l.Clock.Advance(time.Nanosecond)
	l.verify(t, token, accesstoken.ErrUnavailable)
	l.link.becomes(nil)
	l.Clock.Advance(10 * time.Second)
	l.verify(t, token, nil)
}

// TestAClockThatIsPutBack: keys that were read by the wrong time would else be kept until it comes.
func TestAClockThatIsPutBack(t *testing.T) {
	l := open(t)
	l.verify(t, l.signIn(t).AccessToken, nil)
	l.Clock.Advance(-365 * 24 * time.Hour)
	l.verify(t, l.signIn(t).AccessToken, nil)
	if got := l.link.count(jwksPath); got != 2 {
		t.Errorf("keys were fetched %d times, want twice", got)
	}
}

// TestAnswersThatAreNoKeys leave those of before in use.
func TestAnswersThatAreNoKeys(t *testing.T) {
	l := open(t)
	for name, answer := range map[string]struct {
		status int
		body   string
	}{
		"a fault":             {http.StatusBadGateway, `{"keys":[]}`},
		"a redirection":       {http.StatusFound, ``},
		"a page":              {http.StatusOK, `<html>`},
		"another JSON":        {http.StatusOK, `{"success":true}`},
		"more than is read":   {http.StatusOK, `{"keys":[]}` + strings.Repeat(" ", 64<<10)},
		"less than was meant": {http.StatusOK, `{"keys":[{"kty":`},
	} {
		t.Run(name, func(t *testing.T) {
			token := l.signIn(t).AccessToken
			l.link.becomes(nil)
			l.verify(t, token, nil)
			fetched := l.link.count(jwksPath)
			l.link.becomes(func(req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: answer.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer.body)), Request: req}, nil
			})
			l.Clock.Advance(5 * time.Minute)
			l.verify(t, token, nil)
			if l.link.count(jwksPath) == fetched {
				t.Error("no keys were fetched")
			}
			l.Clock.Advance(5 * time.Minute)
		})
	}
}

// TestWhoWaitsForKeysMayLeave: the fetch goes on for the others.
func TestWhoWaitsForKeysMayLeave(t *testing.T) {
	l := open(t)
	token := l.signIn(t).AccessToken
	asked, goOn := make(chan struct{}), make(chan struct{})
	l.link.becomes(func(req *http.Request) (*http.Response, error) {
		close(asked)
		select {
		case <-goOn:
			return l.link.base.RoundTrip(req)
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	})
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := l.verifier.Verify(ctx, token)
		left <- err
	}()
	<-asked
	stayed := make(chan error)
	go func() {
		_, err := l.verifier.Verify(t.Context(), token)
		stayed <- err
	}()
	leave()
	if err := <-left; !errors.Is(err, accesstoken.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	close(goOn)
	if err := <-stayed; err != nil {
		t.Errorf("who stayed got %v", err)
	}
}
