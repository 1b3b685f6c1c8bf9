package client_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/client"
)

const (
	meRoute      = "GET /api/v1/users/me"
	refreshRoute = "POST /api/v1/users/refresh-token"
)

// TestManyRequestsRefreshOnce: all of them meet that the token has expired, and all of them are answered.
func TestManyRequestsRefreshOnce(t *testing.T) {
	l := open(t)
	old := l.tokens(t)
	l.expire(t)
	const callers = 16
	var gate, calls sync.WaitGroup
	gate.Add(callers)
	l.link.becomes(func(req *http.Request) *http.Response {
		if req.Header.Get("Authorization") == "Bearer "+old.AccessToken {
			gate.Done()
			gate.Wait() // nobody is refused before everybody has asked
		}
		return nil
	})
	for range callers {
		calls.Go(func() {
			if _, err := l.Me(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if n := l.link.count(refreshRoute); n != 1 {
		t.Errorf("%d refreshes, want one", n)
	}
	if next := l.tokens(t); next.RefreshToken == old.RefreshToken || next.AccessToken == old.AccessToken {
		t.Error("the new tokens are not kept")
	}
}

// TestWhoComesLateRefreshesNothing: others have new tokens already when a refusal of the old one arrives.
func TestWhoComesLateRefreshesNothing(t *testing.T) {
	l := open(t)
	l.expire(t)
	l.link.becomes(func(req *http.Request) *http.Response {
		l.link.becomes(nil)
		resp, err := l.link.base.RoundTrip(req)
		if err != nil {
			return nil
		}
		_, err = l.Me(t.Context())
		must(t, err)
		return resp
	})
	_, err := l.Me(t.Context())
	must(t, err)
	if asked, refreshed := l.link.count(meRoute), l.link.count(refreshRoute); asked != 4 || refreshed != 1 {
		t.Errorf("%d requests and %d refreshes, want 4 and 1", asked, refreshed)
	}
}

// TestARequestIsRepeatedOnce: where the new token is refused as well, the answer stands.
func TestARequestIsRepeatedOnce(t *testing.T) {
	l := open(t)
	l.link.becomes(func(req *http.Request) *http.Response {
		if req.URL.Path == "/api/v1/users/me" {
			return reply(401, `{"code":"token_expired","message":"no"}`)
		}
		return nil
	})
	_, err := l.Me(t.Context())
	is(t, err, client.CodeTokenExpired)
	if asked, refreshed := l.link.count(meRoute), l.link.count(refreshRoute); asked != 2 || refreshed != 1 {
		t.Errorf("%d requests and %d refreshes, want 2 and 1", asked, refreshed)
	}
}

// TestASessionThatIsOverIsForgotten, and why it is over is said.
func TestASessionThatIsOverIsForgotten(t *testing.T) {
	l := open(t)
	phone, err := client.New(client.Config{URL: l.URL, Transport: l.World.Client.Transport})
	must(t, err)
	_, err = phone.Login(t.Context(), ada)
	must(t, err)
	_, err = phone.EndSessions(t.Context(), client.KeepCurrent)
	must(t, err)
	_, err = l.Me(t.Context())
	is(t, err, client.CodeSessionEnded)
	if l.link.count(refreshRoute) != 0 {
		t.Error("it was refreshed what no refresh cures")
	}
	l.expire(t)
	_, err = l.Me(t.Context())
	is(t, err, client.CodeSessionEnded)
	if l.tokens(t) != (client.Tokens{}) {
		t.Error("the tokens are kept")
	}
	_, err = l.Me(t.Context())
	is(t, err, client.CodeTokenMissing)
}

// TestAFaultLosesNoTokens: Latchkey is busy, or the answer gets lost. Later, the session goes on.
func TestAFaultLosesNoTokens(t *testing.T) {
	l := open(t)
	l.expire(t)
	lost := errors.New("the answer is lost")
	for name, fault := range map[string]func(*http.Request) *http.Response{
		"busy": func(*http.Request) *http.Response {
			return reply(503, `{"code":"busy","message":"Busy."}`, "Retry-After", "7", "X-Request-ID", "r1")
		},
		"a proxy": func(*http.Request) *http.Response { return reply(502, `<html>`) },
		"lost": func(req *http.Request) *http.Response {
			resp, err := l.link.base.RoundTrip(req)
			if err != nil {
				return nil
			}
			_ = resp.Body.Close()
			resp.Body = broken{lost}
			return resp
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := l.tokens(t)
			l.link.becomes(func(req *http.Request) *http.Response {
				if req.URL.Path == "/api/v1/users/refresh-token" {
					return fault(req)
				}
				return nil
			})
			_, err := l.Me(t.Context())
			refused, ok := errors.AsType[*client.Error](err)
			if err == nil || !ok && !errors.Is(err, lost) {
				t.Fatalf("got %v", err)
			}
			if name == "busy" && (refused.Code != client.CodeBusy || refused.RetryAfter.Seconds() != 7 || refused.RequestID != "r1") {
				t.Errorf("got %+v", refused)
			}
			if l.tokens(t) != before {
				t.Error("the tokens have changed")
			}
			l.link.becomes(nil)
			_, err = l.Me(t.Context())
			must(t, err)
			l.expire(t)
		})
	}
}

// broken is a body that ends in an error.
type broken struct{ error }

func (b broken) Read([]byte) (int, error) { return 0, b.error }
func (b broken) Close() error             { return nil }

// TestSigningOutBeatsARefresh that is under way: its tokens are not kept.
func TestSigningOutBeatsARefresh(t *testing.T) {
	l := open(t)
	l.expire(t)
	l.link.becomes(func(req *http.Request) *http.Response {
		if req.URL.Path != "/api/v1/users/refresh-token" {
			return nil
		}
		resp, err := l.link.base.RoundTrip(req)
		if err != nil || l.Logout(context.Background()) != nil {
			return nil
		}
		return resp
	})
	_, _ = l.Me(t.Context()) // refused or not: the session is over
	if l.tokens(t) != (client.Tokens{}) {
		t.Error("there are tokens after signing out")
	}
}

// TestWhoWaitsForARefreshMayLeave: it goes on for the others, and its tokens are kept.
func TestWhoWaitsForARefreshMayLeave(t *testing.T) {
	l := open(t)
	old := l.tokens(t)
	l.expire(t)
	ctx, leave := context.WithCancel(t.Context())
	goOn, done := make(chan struct{}), make(chan struct{})
	l.link.becomes(func(req *http.Request) *http.Response {
		if req.URL.Path != "/api/v1/users/refresh-token" {
			return nil
		}
		leave()
		<-goOn
		return nil
	})
	go func() {
		defer close(done)
		if _, err := l.Me(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("who left got %v", err)
		}
	}()
	<-done
	close(goOn)
	_, err := l.Me(t.Context())
	must(t, err)
	if l.tokens(t).RefreshToken == old.RefreshToken || l.link.count(refreshRoute) != 1 {
		t.Error("the refresh was lost")
	}
}
