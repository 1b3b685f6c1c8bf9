package attack_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// rounds is how often each race is run: often enough for the bad moments to come.
const rounds = 30

// haul is what a thief has got hold of, by several ways at once.
type haul struct {
	mu     sync.Mutex
	tokens []scenario.Tokens
}

func (h *haul) add(t *testing.T, tokens scenario.Tokens, err error, codes ...string) {
	t.Helper()
	if err != nil {
		checkRefused(t, err, codes...)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tokens = append(h.tokens, tokens)
}

// TestSignInRacesTheOwner: somebody who knows the password signs in at the very moment in which Alice changes it, or
// deletes her account. Lost would be the account, although she did the right thing: a session begun with the old
// password would go on, or one of a user who is no more.
func TestSignInRacesTheOwner(t *testing.T) {
	for name, act := range map[string]func(s *service, ctx context.Context, owner scenario.SignedIn) error{
		"who changes the password": func(s *service, ctx context.Context, owner scenario.SignedIn) error {
			return s.ChangePassword(ctx, owner.AccessToken, oldPassword, newPassword)
		},
		"who deletes the account": func(s *service, ctx context.Context, owner scenario.SignedIn) error {
			return s.DeleteAccount(ctx, owner.AccessToken, oldPassword)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onEveryStore(t, func(t *testing.T, s *service) {
				for round := range rounds {
					email := fmt.Sprintf("owner%d@example.org", round)
					owner, got := s.newcomer(t, email), &haul{}
					thief := func() {
						in, err := s.Login(t.Context(), scenario.Credentials{Email: email, Password: oldPassword})
						got.add(t, in.Tokens, err, "invalid_credentials")
					}
					atOnce(thief, thief, thief, func() {
						if err := act(s, t.Context(), owner); err != nil {
							t.Error(err)
						}
					}, thief, thief, thief)
					if thief(); len(got.tokens) > 6 {
						t.Error("afterwards, one can sign in with the old password")
					}
					for _, tokens := range got.tokens {
						s.over(t, tokens)
					}
				}
			})
		})
	}
}

// endings are the ways to end the session of somebody, who may do so from another session.
func (s *service) endings(t *testing.T) map[string]func(in, other scenario.SignedIn) error {
	ctx := t.Context()
	return map[string]func(in, other scenario.SignedIn) error{
		"deletion of the account": func(_, other scenario.SignedIn) error {
			return s.DeleteAccount(ctx, other.AccessToken, oldPassword)
		},
		"logout": func(in, _ scenario.SignedIn) error { return s.Logout(ctx, in.AccessToken, "") },
		"logout by the refresh token": func(in, _ scenario.SignedIn) error {
			return s.Logout(ctx, "", in.RefreshToken)
		},
		"change of password": func(_, other scenario.SignedIn) error {
			return s.ChangePassword(ctx, other.AccessToken, oldPassword, newPassword)
		},
		"ending from another session": func(in, other scenario.SignedIn) error {
			return s.EndSession(ctx, other.AccessToken, sid(t, in))
		},
		"ending of all sessions": func(_, other scenario.SignedIn) error {
			_, err := s.EndSessions(ctx, other.AccessToken, false)
			return err
		},
	}
}

// TestRefreshRacesTheEnd: a thief refreshes, again and again, at the very moment in which the session is ended. Lost would
// be that nothing gets rid of them: a session that ended would go on, or a user who was deleted would be served.
func TestRefreshRacesTheEnd(t *testing.T) {
	onEveryStore(t, func(t *testing.T, s *service) {
		people := 0
		for name, end := range s.endings(t) {
			for round := range rounds {
				people++
				email := fmt.Sprintf("owner%d@example.org", people)
				in := s.newcomer(t, email)
				other := s.signIn(t, email, oldPassword)
				got := &haul{tokens: []scenario.Tokens{in.Tokens}}
				atOnce(func() {
					tokens, err := in.Tokens, error(nil)
					for i := 0; i < 4 && err == nil; i++ {
						tokens, err = s.Refresh(t.Context(), tokens.RefreshToken)
						got.add(t, tokens, err, "session_ended")
					}
				}, func() {
					if err := end(in, other); err != nil {
						t.Error(err)
					}
				})
				for _, tokens := range got.tokens {
					s.over(t, tokens)
				}
				if t.Failed() {
					t.Fatalf("%s, round %d", name, round)
				}
			}
		}
	})
}

// TestTokensOutliveTheAccount: somebody registers with the address of an account that was deleted. Lost would be the new
// account, to whoever has tokens of the old one.
func TestTokensOutliveTheAccount(t *testing.T) {
	onEveryStore(t, func(t *testing.T, s *service) {
		before := s.alice.Tokens
		must(t, s.DeleteAccount(t.Context(), before.AccessToken, oldPassword))
		s.over(t, before)
		s.alice = s.newcomer(t, s.alice.User.Email)
		s.over(t, before)
		s.unharmed(t)
	})
}
