package scenario

import (
	"testing"
	"time"
)

var refreshing = []Behaviour{
	{Name: "a refresh answers new tokens, and both work", Check: func(t *testing.T, w World) {
		_, in := w.newcomer(t)
		w.Clock.Advance(accessTTL)
		_, err := w.Me(t.Context(), in.AccessToken)
		refused(t, err, "token_expired")
		next := w.refresh(t, in.RefreshToken)
		if next.RefreshToken == in.RefreshToken || next.AccessToken == in.AccessToken {
			t.Error("a token was answered again")
		}
		w.alive(t, next)
		w.refresh(t, next.RefreshToken)
	}},
	{Name: "64 tabs that refresh at once all get one and the same refresh token", Check: func(t *testing.T, w World) {
		_, in := w.newcomer(t)
		answers := make([]Tokens, 64)
		together(len(answers), func(i int) {
			var err error
			if answers[i], err = w.Refresh(t.Context(), in.RefreshToken); err != nil {
				t.Errorf("tab %d: %v", i, err)
			}
		})
		for i, answer := range answers {
			if answer.RefreshToken != answers[0].RefreshToken {
				t.Fatalf("tab %d has another refresh token than tab 0", i)
			}
		}
		w.alive(t, answers[63])
		w.refresh(t, answers[0].RefreshToken)
	}},
	{Name: "a client that lost the answer gets the same refresh token again, to the last instant of the grace", Check: func(t *testing.T, w World) {
		_, in := w.newcomer(t)
		next := w.refresh(t, in.RefreshToken)
		for range 3 { // repeats do not move the grace
			w.Clock.Advance(grace / 3)
			if again := w.refresh(t, in.RefreshToken); again.RefreshToken != next.RefreshToken {
				t.Error("the repeat answers another refresh token")
			}
		}
	}},
	{Name: "the predecessor after the grace is theft, and the session is over", Check: func(t *testing.T, w World) {
		_, in := w.newcomer(t)
		next := w.refresh(t, in.RefreshToken)
		w.Clock.Advance(grace + time.Millisecond)
		_, err := w.Refresh(t.Context(), in.RefreshToken)
		refused(t, err, "token_reused")
		w.over(t, next)
	}},
	{Name: "the grandparent is theft at any time, and the session is over", Check: func(t *testing.T, w World) {
		_, in := w.newcomer(t)
		newest := w.refresh(t, w.refresh(t, in.RefreshToken).RefreshToken)
		_, err := w.Refresh(t.Context(), in.RefreshToken)
		refused(t, err, "token_reused")
		w.over(t, newest)
		w.over(t, newest) // and never revives
	}},
	{
		Name:     "without a grace, every retired token is theft",
		Settings: map[string]string{"REFRESH_GRACE": "0s"},
		Check: func(t *testing.T, w World) {
			_, in := w.newcomer(t)
			next := w.refresh(t, in.RefreshToken)
			w.Clock.Advance(time.Millisecond)
			_, err := w.Refresh(t.Context(), in.RefreshToken)
			refused(t, err, "token_reused")
			w.over(t, next)
		},
	},
	{Name: "theft in one session leaves the others alone", Check: func(t *testing.T, w World) {
		person, phone := w.newcomer(t)
		laptop := w.signIn(t, person)
		w.refresh(t, w.refresh(t, phone.RefreshToken).RefreshToken)
		_, err := w.Refresh(t.Context(), phone.RefreshToken)
		refused(t, err, "token_reused")
		w.alive(t, laptop.Tokens)
		w.refresh(t, laptop.RefreshToken)
	}},
	{Name: "a session that is used slides on, up to its greatest age", Check: func(t *testing.T, w World) {
		_, in := w.newcomer(t)
		token, signedIn := in.RefreshToken, w.Clock.Now()
		for range 6 {
			w.Clock.Advance(refreshTTL - time.Minute)
			token = w.refresh(t, token).RefreshToken
		}
		last := w.refresh(t, token)
		if age := last.RefreshTokenExpiresAt.Sub(signedIn); age > maxAge || age < maxAge-2*time.Second {
			t.Errorf("the session may grow %v old", age)
		}
		w.Clock.Advance(last.RefreshTokenExpiresAt.Sub(w.Clock.Now()))
		_, err := w.Refresh(t.Context(), last.RefreshToken)
		refused(t, err, "token_expired")
	}},
	{Name: "a session that is not used ends", Check: func(t *testing.T, w World) {
		_, in := w.newcomer(t)
		w.Clock.Advance(refreshTTL)
		_, err := w.Refresh(t.Context(), in.RefreshToken)
		refused(t, err, "token_expired")
	}},
	{Name: "no token, rubbish and the other kind of token are refused", Check: func(t *testing.T, w World) {
		_, in := w.newcomer(t)
		_, err := w.Refresh(t.Context(), "")
		refused(t, err, "token_missing")
		_, err = w.Refresh(t.Context(), "rubbish")
		refused(t, err, "token_invalid")
		_, err = w.Refresh(t.Context(), in.AccessToken)
		refused(t, err, "token_invalid")
		_, err = w.Me(t.Context(), in.RefreshToken)
		refused(t, err, "token_invalid")
		_, err = w.Me(t.Context(), "")
		refused(t, err, "token_missing")
		w.refresh(t, in.RefreshToken)
	}},
}
