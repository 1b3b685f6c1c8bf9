package accesstoken_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
	"github.com/latchkey-auth/latchkey/tests/scenario"
)

const introspectPath = "/oauth/introspect"

func asking(cacheFor time.Duration) func(*accesstoken.Config) {
	return func(cfg *accesstoken.Config) {
		cfg.Introspection = &accesstoken.Introspection{ClientID: clientID, ClientSecret: clientSecret, CacheFor: cacheFor}
	}
}

func (l latchkey) logout(t *testing.T, in scenario.SignedIn) {
	t.Helper()
	must(t, scenario.HTTP(l.Client, l.URL).Logout(t.Context(), in.AccessToken, in.RefreshToken))
}

// TestWithoutAskingASessionIsTakenForAlive until the token expires: this is what is promised, and what asking is for.
func TestWithoutAskingASessionIsTakenForAlive(t *testing.T) {
	l := open(t)
	in := l.signIn(t)
	l.logout(t, in)
	l.verify(t, in.AccessToken, nil)
}

func TestASessionThatHasEndedIsRefusedAtOnce(t *testing.T) {
	l := open(t, asking(0))
	in, other := l.signIn(t), l.signIn(t)
	l.verify(t, in.AccessToken, nil)
	l.logout(t, in)
	l.verify(t, in.AccessToken, accesstoken.ErrInactive)
	l.verify(t, other.AccessToken, nil)
}

// TestAnAnswerIsKeptForSoLong and no longer, of whichever kind it is.
func TestAnAnswerIsKeptForSoLong(t *testing.T) {
	l := open(t, asking(5*time.Second))
	in := l.signIn(t)
	l.verify(t, in.AccessToken, nil)
	l.logout(t, in)
	l.Clock.Advance(5*time.Second - time.Nanosecond)
	l.verify(t, in.AccessToken, nil)
	l.Clock.Advance(time.Nanosecond)
	l.verify(t, in.AccessToken, accesstoken.ErrInactive)
	l.verify(t, in.AccessToken, accesstoken.ErrInactive)
	if asked := l.link.count(introspectPath); asked != 2 {
		t.Errorf("Latchkey was asked %d times, want twice", asked)
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	l := open(t, asking(time.Minute))
	in := l.signIn(t)
	var calls sync.WaitGroup
	for range 32 {
		calls.Go(func() {
			if _, err := l.verifier.Verify(t.Context(), in.AccessToken); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	l.verify(t, in.AccessToken, nil)
	asked := l.link.count(introspectPath)
	l.verify(t, in.AccessToken, nil)
	if l.link.count(introspectPath) != asked {
		t.Error("Latchkey was asked what it has answered")
	}
}

// TestNobodyIsAskedAboutForgedTokens: else whoever makes up tokens would have this service ask for each.
func TestNobodyIsAskedAboutForgedTokens(t *testing.T) {
	l := open(t, asking(0))
	in := l.signIn(t)
	l.verify(t, in.AccessToken[:len(in.AccessToken)-20]+strings.Repeat("A", 20), accesstoken.ErrInvalid)
	if l.link.count(introspectPath) != 0 {
		t.Error("Latchkey was asked")
	}
}

// TestWhoGetsNoAnswerLetsNobodyIn, and keeps no answer.
func TestWhoGetsNoAnswerLetsNobodyIn(t *testing.T) {
	l := open(t, asking(time.Minute))
	in, next := l.signIn(t), l.signIn(t)
	l.verify(t, in.AccessToken, nil)
	l.link.cut()
	l.verify(t, in.AccessToken, nil) // as was answered
	l.verify(t, next.AccessToken, accesstoken.ErrUnavailable)
	l.link.becomes(nil)
	l.verify(t, next.AccessToken, nil)

	wrong := open(t, func(cfg *accesstoken.Config) {
		cfg.Introspection = &accesstoken.Introspection{ClientID: clientID, ClientSecret: strings.Repeat("x", 32)}
	})
	_, err := wrong.verifier.Verify(t.Context(), wrong.signIn(t).AccessToken)
	if !errors.Is(err, accesstoken.ErrUnavailable) || strings.Contains(err.Error(), "xxx") {
		t.Errorf("with a wrong secret: %v", err)
	}
}

func TestTheSecretIsNotPrinted(t *testing.T) {
	l := open(t, asking(0))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, value := range []any{accesstoken.Introspection{ClientID: clientID, ClientSecret: clientSecret}, l.verifier} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, clientSecret) || strings.Contains(text, fmt.Sprintf("%x", clientSecret)) {
				t.Errorf("%s shows the secret of a %T", verb, value)
			}
		}
	}
}

// TestAnAnswerToSomebodyElseIsOlderThanTheQuestion: it may be on its way since before the session ended.
func TestAnAnswerToSomebodyElseIsOlderThanTheQuestion(t *testing.T) {
	l := open(t, asking(0))
	in := l.signIn(t)
	answered, goOn := make(chan struct{}), make(chan struct{})
	l.link.becomes(func(req *http.Request) (*http.Response, error) {
		resp, err := l.link.base.RoundTrip(req)
		if req.URL.Path == introspectPath {
			l.link.becomes(nil)
			close(answered)
			select {
			case <-goOn:
			case <-req.Context().Done():
			}
		}
		return resp, err
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = l.verifier.Verify(t.Context(), in.AccessToken)
	}()
	<-answered
	l.logout(t, in)
	l.verify(t, in.AccessToken, accesstoken.ErrInactive)
	close(goOn)
	<-done
}
