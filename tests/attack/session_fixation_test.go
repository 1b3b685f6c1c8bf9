package attack_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// TestSessionFixation: the attacker sees to it that Alice's browser has their session before she signs in, by cookies that
// a neighbouring host can set, or names one in the request. Lost would be her account: she would sign in to a session
// that the attacker has tokens of.
func TestSessionFixation(t *testing.T) {
	s := attacked(t)
	mallory := s.newcomer(t, "mallory@example.org")
	sid := sid(t, mallory)
	known := map[string]bool{sid: true}
	for name, shape := range map[string]func(r *http.Request){
		"nothing at all": func(*http.Request) {},
		"cookies of the attacker's": func(r *http.Request) {
			r.Header.Set("Cookie", "accessToken="+mallory.AccessToken+"; refreshToken="+mallory.RefreshToken)
		},
		"a token of the attacker's": func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+mallory.AccessToken) },
		"cookies of other names": func(r *http.Request) {
			r.Header.Set("Cookie", "sid="+sid+"; session="+sid+"; connect.sid="+sid+"; JSESSIONID="+sid)
		},
		"a query":          func(r *http.Request) { r.URL.RawQuery = "sid=" + sid + "&refreshToken=" + mallory.RefreshToken },
		"a session's name": func(r *http.Request) { r.Header.Set("X-Session-ID", sid) },
	} {
		t.Run(name, func(t *testing.T) {
			in := s.signInShaped(t, shape, object{
				"email": s.alice.User.Email, "password": oldPassword, "sid": sid, "id": sid, "sessionId": sid, "refreshToken": mallory.RefreshToken,
			})
			_, claims := parts(t, in.AccessToken)
			_, refresh := parts(t, in.RefreshToken)
			got, _ := claims["sid"].(string)
			if known[got] || refresh["sid"] != got || claims["sub"] != s.alice.User.ID {
				t.Errorf("the session is %v of %v", got, claims["sub"])
			}
			known[got] = true
		})
	}
	me, err := s.Me(t.Context(), mallory.AccessToken)
	if must(t, err); me.ID != mallory.User.ID {
		t.Errorf("the attacker has become %s", me.ID)
	}
	sessions, err := s.Sessions(t.Context(), mallory.AccessToken)
	if must(t, err); len(sessions) != 1 || sessions[0].ID != sid {
		t.Errorf("the attacker's sessions are %v", sessions)
	}
	s.unharmed(t)
}

// signInShaped signs in by a request that is shaped before it is sent.
func (s *service) signInShaped(t *testing.T, shape func(*http.Request), body object) (tokens scenario.Tokens) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/api/v1/users/login", nil)
	must(t, err)
	shape(r)
	putBody(r, "application/json", body.String())
	resp, err := s.Client.Do(r)
	must(t, err)
	var answer struct{ Data scenario.Tokens }
	must(t, errors.Join(json.NewDecoder(resp.Body).Decode(&answer), resp.Body.Close()))
	set := slices.DeleteFunc(resp.Cookies(), func(c *http.Cookie) bool { return c.Value == "" && c.MaxAge < 0 }) // taken back
	for _, c := range set {
		if c.Value != answer.Data.AccessToken && c.Value != answer.Data.RefreshToken {
			t.Errorf("the cookie %s is none of the new tokens", c.Name)
		}
	}
	if resp.StatusCode != http.StatusOK || len(set) != 2 {
		t.Fatalf("got %s with %v", resp.Status, set)
	}
	return answer.Data
}

// TestSessionIDsAreNotGuessed: ids of sessions that somebody may have seen, and what is near them. Lost would be the
// session, to whoever names it without a token of it.
func TestSessionIDsAreNotGuessed(t *testing.T) {
	s := attacked(t)
	mallory := s.newcomer(t, "mallory@example.org")
	_, hers := parts(t, s.alice.AccessToken)
	sid := sid(t, s.alice)
	must(t, s.Logout(t.Context(), mallory.AccessToken, ""))
	for _, token := range []string{sid, "Bearer " + sid, hers["jti"].(string), hers["sub"].(string), s.alice.User.ID + ":" + sid} {
		s.invalid(t, token)
	}
	mallory = s.newcomer(t, "mallory2@example.org")
	refused(t, s.EndSession(t.Context(), mallory.AccessToken, sid), "not_found")
	if n, err := s.EndSessions(t.Context(), mallory.AccessToken, true); err != nil || n != 0 {
		t.Errorf("%d sessions were ended (%v)", n, err)
	}
	s.unharmed(t)
}
