package scenario

import (
	"errors"
	"testing"
)

var signingOut = []Behaviour{
	{Name: "signing out ends the session at once, and again is no error", Check: func(t *testing.T, w World) {
		person, in := w.newcomer(t)
		elsewhere := w.signIn(t, person)
		must(t, w.Logout(t.Context(), in.AccessToken, ""))
		w.over(t, in.Tokens)
		must(t, w.Logout(t.Context(), in.AccessToken, ""))
		must(t, w.Logout(t.Context(), "", in.RefreshToken))
		w.alive(t, elsewhere.Tokens)
	}},
	{Name: "a refresh token is enough to sign out once the access token has expired", Check: func(t *testing.T, w World) {
		_, in := w.newcomer(t)
		w.Clock.Advance(accessTTL)
		err := w.Logout(t.Context(), in.AccessToken, "")
		refused(t, err, "token_expired")
		must(t, w.Logout(t.Context(), in.AccessToken, in.RefreshToken))
		_, err = w.Refresh(t.Context(), in.RefreshToken)
		refused(t, err, "session_ended")
	}},
	{Name: "who shows no good token is refused", Check: func(t *testing.T, w World) {
		refused(t, w.Logout(t.Context(), "", ""), "token_missing")
		refused(t, w.Logout(t.Context(), "rubbish", ""), "token_invalid")
		refused(t, w.Logout(t.Context(), "", "rubbish"), "token_invalid")
	}},
	{Name: "signing out beats refreshing, whichever came first", Check: func(t *testing.T, w World) {
		for range 8 {
			_, in := w.newcomer(t)
			answers := make([]Tokens, 8)
			together(len(answers)+1, func(i int) {
				if i == len(answers) {
					if err := w.Logout(t.Context(), in.AccessToken, ""); err != nil {
						t.Errorf("signing out: %v", err)
					}
					return
				}
				var err error
				answers[i], err = w.Refresh(t.Context(), in.RefreshToken)
				if failure, ok := errors.AsType[*Failure](err); err != nil && (!ok || failure.Code != "session_ended") {
					t.Errorf("refreshing: %v", err)
				}
			})
			w.over(t, in.Tokens)
			for _, answer := range answers {
				if answer.RefreshToken != "" {
					w.over(t, answer)
				}
			}
		}
	}},
}
