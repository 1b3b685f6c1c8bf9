package scenario

import (
	"testing"
	"time"
)

var sessions = []Behaviour{
	{Name: "a person sees where they are signed in, newest first", Check: func(t *testing.T, w World) {
		person, first := w.newcomer(t)
		w.Clock.Advance(time.Minute)
		second := w.signIn(t, person)
		w.Clock.Advance(time.Minute)
		w.refresh(t, first.RefreshToken)
		all, err := w.Sessions(t.Context(), second.AccessToken)
		must(t, err)
		if len(all) != 2 || !all[0].Current || all[1].Current || !all[0].CreatedAt.After(all[1].CreatedAt) {
			t.Fatalf("the sessions are %+v", all)
		}
		if used := all[1].LastUsedAt.Sub(all[1].CreatedAt); used != 2*time.Minute {
			t.Errorf("the first session was last used %v after it began", used)
		}
		if all[0].EndedAt != nil || all[0].EndReason != nil || !all[0].ExpiresAt.After(w.Clock.Now()) {
			t.Errorf("the living session is %+v", all[0])
		}
	}},
	{Name: "a person ends one session, and sees for a day why it ended", Check: func(t *testing.T, w World) {
		person, here := w.newcomer(t)
		there := w.signIn(t, person)
		all, err := w.Sessions(t.Context(), there.AccessToken)
		must(t, err)
		id := all[0].ID
		if !all[0].Current {
			id = all[1].ID
		}
		must(t, w.EndSession(t.Context(), here.AccessToken, id))
		must(t, w.EndSession(t.Context(), here.AccessToken, id))
		w.over(t, there.Tokens)
		if s := w.session(t, here, id); s.EndReason == nil || *s.EndReason != "revoked" || s.EndedAt == nil {
			t.Errorf("the session that was ended is %+v", s)
		}
		w.Clock.Advance(24 * time.Hour)
		fresh := w.refresh(t, here.RefreshToken)
		all, err = w.Sessions(t.Context(), fresh.AccessToken)
		must(t, err)
		if len(all) != 1 {
			t.Errorf("after a day %d sessions are seen", len(all))
		}
	}},
	{Name: "nobody sees or ends another person's session", Check: func(t *testing.T, w World) {
		_, victim := w.newcomer(t)
		_, attacker := w.newcomer(t)
		all, err := w.Sessions(t.Context(), victim.AccessToken)
		must(t, err)
		refused(t, w.EndSession(t.Context(), attacker.AccessToken, all[0].ID), "not_found")
		refused(t, w.EndSession(t.Context(), attacker.AccessToken, "no-such-session"), "not_found")
		w.alive(t, victim.Tokens)
	}},
	{Name: "a person ends all other sessions, or all", Check: func(t *testing.T, w World) {
		person, here := w.newcomer(t)
		there, elsewhere := w.signIn(t, person), w.signIn(t, person)
		n, err := w.EndSessions(t.Context(), here.AccessToken, true)
		must(t, err)
		if n != 2 {
			t.Errorf("%d sessions were ended", n)
		}
		w.over(t, there.Tokens)
		w.over(t, elsewhere.Tokens)
		w.alive(t, here.Tokens)
		n, err = w.EndSessions(t.Context(), here.AccessToken, false)
		must(t, err)
		if n != 1 {
			t.Errorf("%d sessions were ended", n)
		}
		w.over(t, here.Tokens)
	}},
	{Name: "the owner sees why each session ended", Check: func(t *testing.T, w World) {
		person, here := w.newcomer(t)
		out, stolen, old := w.signIn(t, person), w.signIn(t, person), w.signIn(t, person)
		must(t, w.Logout(t.Context(), out.AccessToken, ""))
		w.refresh(t, w.refresh(t, stolen.RefreshToken).RefreshToken)
		_, err := w.Refresh(t.Context(), stolen.RefreshToken)
		refused(t, err, "token_reused")
		must(t, w.ChangePassword(t.Context(), here.AccessToken, password, "another horse battery"))
		all, err := w.Sessions(t.Context(), here.AccessToken)
		must(t, err)
		reasons := map[string]int{}
		for _, s := range all {
			if s.EndReason != nil {
				reasons[*s.EndReason]++
			}
		}
		if len(all) != 4 || reasons["signed_out"] != 1 || reasons["reused"] != 1 || reasons["password_changed"] != 1 {
			t.Errorf("the sessions ended because %v", reasons)
		}
		w.over(t, old.Tokens)
	}},
	{
		Name:     "past the number that a person may have, the oldest session ends",
		Settings: map[string]string{"MAX_SESSIONS_PER_USER": "2"},
		Check: func(t *testing.T, w World) {
			person, first := w.newcomer(t)
			w.Clock.Advance(time.Second)
			second := w.signIn(t, person)
			w.Clock.Advance(time.Second)
			third := w.signIn(t, person)
			w.over(t, first.Tokens)
			w.alive(t, second.Tokens)
			w.alive(t, third.Tokens)
		},
	},
}

// session is one session as its owner sees it.
func (w World) session(t *testing.T, owner SignedIn, id string) Session {
	t.Helper()
	all, err := w.Sessions(t.Context(), owner.AccessToken)
	must(t, err)
	for _, s := range all {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("session %s is not seen", id)
	return Session{}
}
