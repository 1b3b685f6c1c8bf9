package doors_test

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// TestRevocationEndsTheSession, by either token and for whoever holds it; other sessions live on.
func TestRevocationEndsTheSession(t *testing.T) {
	access := func(in scenario.SignedIn) string { return in.AccessToken }
	refresh := func(in scenario.SignedIn) string { return in.RefreshToken }
	h := open(t, withClients)
	for name, c := range map[string]struct {
		token func(scenario.SignedIn) string
		with  []option
		hint  string
	}{
		"an access token":                          {access, nil, ""},
		"a refresh token":                          {refresh, nil, ""},
		"an access token that is hinted otherwise": {access, nil, "refresh_token"},
		"a refresh token that is hinted otherwise": {refresh, nil, "access_token"},
		"a hint that nobody knows":                 {refresh, nil, "saml2"},
		"by a confidential client":                 {refresh, []option{asGateway}, ""},
		"by a public client":                       {refresh, []option{basic("my-app", "")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := h.signIn(t)
			other := h.again(t, in.User.Username)
			for range 2 { // the second time, the token is worth nothing
				h.post(t, revokePath, form("token", c.token(in), "token_type_hint", c.hint), c.with...).expect(t, 200, "")
			}
			if why := h.refused(t, in.AccessToken); why != "session_ended" {
				t.Errorf("the access token is refused for %q", why)
			}
			h.post(t, tokenPath, refreshing(in.RefreshToken)).expect(t, 400, "invalid_grant")
			if why := h.refused(t, other.AccessToken); why != "" {
				t.Errorf("another session is over: %s", why)
			}
			all, err := scenario.HTTP(h.client, issuer).Sessions(t.Context(), other.AccessToken)
			must(t, err)
			for _, s := range all {
				if reason := s.EndReason; !s.Current && (reason == nil || *reason != "signed_out") {
					t.Errorf("the owner sees %+v", s)
				}
			}
		})
	}
}

// TestRevocationOfWhatIsWorthNothing is no error, and does nothing.
func TestRevocationOfWhatIsWorthNothing(t *testing.T) {
	h := open(t, withClients)
	in := h.signIn(t)
	for _, token := range []string{"rubbish", in.AccessToken + "x", open(t).signIn(t).RefreshToken} {
		h.post(t, revokePath, form("token", token)).expect(t, 200, "")
	}
	if why := h.refused(t, in.AccessToken); why != "" {
		t.Errorf("the session is over: %s", why)
	}
	h.Clock.Advance(20 * time.Minute)
	h.post(t, revokePath, form("token", in.AccessToken)).expect(t, 200, "")
	h.post(t, tokenPath, refreshing(in.RefreshToken)).expect(t, 200, "")
	h.Clock.Advance(20 * 24 * time.Hour)
	h.post(t, revokePath, form("token", in.RefreshToken)).expect(t, 200, "")
}

// TestRevocationThatIsRefused leaves the session as it is.
func TestRevocationThatIsRefused(t *testing.T) {
	h := open(t, withClients)
	in := h.signIn(t)
	h.post(t, revokePath, nil).expect(t, 400, "invalid_request")
	h.post(t, revokePath, form("token", in.AccessToken, "token", in.AccessToken)).expect(t, 400, "invalid_request")
	h.post(t, revokePath, form("token", in.AccessToken), basic(clientID, "wrong")).expect(t, 401, "invalid_client")
	h.post(t, revokePath, form("token", in.AccessToken, "client_id", clientID)).expect(t, 401, "invalid_client")
	h.post(t, revokePath, form("token", in.AccessToken), header("Origin", "https://evil.example")).expect(t, 403, "access_denied")
	if why := h.refused(t, in.AccessToken); why != "" {
		t.Errorf("the session is over: %s", why)
	}
}
