package app_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func (w *world) introspect(token domain.Secret) app.Introspection {
	w.t.Helper()
	found, err := w.IntrospectToken.Do(w.t.Context(), token)
	must(w.t, err)
	return found
}

// worthless checks that nothing at all is said about a token.
func (w *world) worthless(tokens ...domain.Secret) {
	w.t.Helper()
	for i, token := range tokens {
		if found := w.introspect(token); !reflect.DeepEqual(found, (app.Introspection{})) || found.Active() {
			w.t.Errorf("token %d is said to be %s", i, found.Kind)
		}
	}
}

func (w *world) worth(token domain.Token, kind app.TokenKind) {
	w.t.Helper()
	found := w.introspect(token.Secret)
	if !found.Active() || found.Kind != kind || found.User.ID != w.stored().ID || found.Session.UserID != found.User.ID {
		w.t.Errorf("the %s is said to be a %q of %q", kind, found.Kind, found.User.ID)
	}
	if !found.TokenExpiresAt.Equal(token.ExpiresAt) {
		w.t.Errorf("the %s expires at %v; want %v", kind, found.TokenExpiresAt, token.ExpiresAt)
	}
}

func TestTokensOfALivingSessionAreActive(t *testing.T) {
	w := fresh(t)
	in := w.signIn(home)
	w.worth(in.Access, app.AccessToken)
	w.worth(in.Refresh, app.RefreshToken)
	w.worthless(domain.NewSecret("rubbish"), domain.NewSecret(in.Access.Reveal()+"x"))
	_, err := w.IntrospectToken.Do(t.Context(), domain.Secret{})
	fails(t, err, domain.CodeTokenMissing)
}

func TestTokensPastTheirTimeAreWorthless(t *testing.T) {
	w := fresh(t)
	in := w.signIn(home)
	w.clock.Advance(accessTTL)
	w.worthless(in.Access.Secret)
	w.worth(in.Refresh, app.RefreshToken)
	w.clock.Advance(policy.RefreshTTL)
	w.worthless(in.Access.Secret, in.Refresh.Secret)
}

func TestTokensOfASessionThatIsOverAreWorthless(t *testing.T) {
	for name, end := range map[string]func(*world, app.LoginResponse) error{
		"signed out": func(w *world, in app.LoginResponse) error { return w.logOut(in.Access.Secret, domain.Secret{}) },
		"the password changed": func(w *world, _ app.LoginResponse) error {
			return w.ChangePassword.Do(w.t.Context(), app.ChangePasswordRequest{
				Caller: w.caller(w.signIn(office)), Old: domain.NewSecret(rightPassword), New: domain.NewSecret("another horse battery"), Client: office,
			})
		},
		"the account is gone": func(w *world, _ app.LoginResponse) error { return w.users.Delete(w.t.Context(), w.stored().ID) },
	} {
		t.Run(name, func(t *testing.T) {
			w := fresh(t)
			in := w.signIn(home)
			must(t, end(w, in))
			w.worthless(in.Access.Secret, in.Refresh.Secret)
		})
	}
}

// TestIntrospectionRedeemsNothing: what was looked at can still be redeemed once, and a retired token that is looked at
// ends no session.
func TestIntrospectionRedeemsNothing(t *testing.T) {
	w := fresh(t)
	first := w.signIn(home)
	second := w.refreshed(first.Tokens)
	w.events.reset()
	before, err := w.sessions.ByUser(t.Context(), w.stored().ID)
	must(t, err)

	w.worth(second.Refresh, app.RefreshToken)
	w.worth(first.Refresh, app.RefreshToken) // within the grace it would be answered again
	w.clock.Advance(policy.Grace + time.Millisecond)
	w.worthless(first.Refresh.Secret)

	after, err := w.sessions.ByUser(t.Context(), w.stored().ID)
	must(t, err)
	if !slices.Equal(before, after) {
		t.Errorf("the sessions became %+v; want %+v", after, before)
	}
	w.events.were(t)
	w.refreshed(second)
}

// TestARefreshTokenThatTheSessionNeverMadeIsWorthless: it is signed well, so the secret may have leaked.
func TestARefreshTokenThatTheSessionNeverMadeIsWorthless(t *testing.T) {
	w := fresh(t)
	w.signIn(home)
	sessions, err := w.sessions.ByUser(t.Context(), w.stored().ID)
	must(t, err)
	forged := sessions[0]
	forged.Seed[0] ^= 1
	token, err := w.tokens.IssueRefresh(forged)
	must(t, err)
	w.worthless(token.Secret)
}

// A store that does not answer says nothing about a token, so nothing is said about it.
func TestIntrospectionWithoutAStoreIsAFault(t *testing.T) {
	for _, kind := range []app.TokenKind{app.AccessToken, app.RefreshToken} {
		w := fresh(t)
		in := w.signIn(home)
		w.faults.reset()
		w.faults.at, w.faults.err = 1, ports.Unavailable(errors.New("the cable"))
		token := map[app.TokenKind]domain.Token{app.AccessToken: in.Access, app.RefreshToken: in.Refresh}[kind]
		found, err := w.IntrospectToken.Do(t.Context(), token.Secret)
		fails(t, err, domain.CodeUnavailable)
		if found.Active() {
			t.Errorf("the %s is active", kind)
		}
	}
}
