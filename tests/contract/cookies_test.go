package contract_test

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"testing"
	"time"
)

// cleared are the cookies that take both back.
func cleared(domain, rest string) []string {
	return []string{
		"accessToken=; Path=/; " + domain + "Max-Age=0; " + rest,
		"refreshToken=; Path=/api/v1/users; " + domain + "Max-Age=0; " + rest,
	}
}

// cookies are those that hand over these tokens.
func (s service) cookies(in tokens, domain, rest string) []string {
	left := func(until time.Time) int { return int(math.Ceil(until.Sub(s.Clock.Now()).Seconds())) }
	return []string{
		fmt.Sprintf("accessToken=%s; Path=/; %sMax-Age=%d; %s", in.AccessToken, domain, left(in.AccessTokenExpiresAt), rest),
		fmt.Sprintf("refreshToken=%s; Path=/api/v1/users; %sMax-Age=%d; %s", in.RefreshToken, domain, left(in.RefreshTokenExpiresAt), rest),
	}
}

// sets checks the cookies of an answer, to the letter.
func (a answer) sets(t *testing.T, want []string) {
	t.Helper()
	if got := a.header["Set-Cookie"]; !slices.Equal(got, want) {
		t.Errorf("%d %s sets\n%q, want\n%q", a.status, a.Message, got, want)
	}
}

// marks are the attributes of cookies, by the settings that change them.
var marks = []struct {
	settings     map[string]string
	domain, rest string
}{
	{nil, "", "HttpOnly; Secure; SameSite=Lax"},
	{map[string]string{"COOKIE_SECURE": "false"}, "", "HttpOnly; SameSite=Lax"},
	{map[string]string{"COOKIE_SAMESITE": "strict"}, "", "HttpOnly; Secure; SameSite=Strict"},
	{map[string]string{"COOKIE_SAMESITE": "None"}, "", "HttpOnly; Secure; SameSite=None"},
	{map[string]string{"COOKIE_DOMAIN": "example.org"}, "Domain=example.org; ", "HttpOnly; Secure; SameSite=Lax"},
	{map[string]string{"COOKIE_DOMAIN": ".example.org"}, "Domain=example.org; ", "HttpOnly; Secure; SameSite=Lax"},
	{map[string]string{"ACCESS_TOKEN_EXPIRY": "1m", "REFRESH_TOKEN_EXPIRY": "1h"}, "", "HttpOnly; Secure; SameSite=Lax"},
}

func TestCookiesOfTokens(t *testing.T) {
	for _, mark := range marks {
		t.Run(fmt.Sprint(mark.settings), func(t *testing.T) {
			s := open(t, mark.settings)
			person := s.register(t)
			a := s.send(t, "POST", "/login", asJSON(fields{"email": person["email"], "password": passphrase})).expect(t, http.StatusOK, "")
			in := decode[signedIn](t, a.Data)
			a.sets(t, s.cookies(in.tokens, mark.domain, mark.rest))
			s.Clock.Advance(time.Second)
			a = s.send(t, "POST", "/refresh-token", cookie("refreshToken", in.RefreshToken)).expect(t, http.StatusOK, "")
			a.sets(t, s.cookies(decode[tokens](t, a.Data), mark.domain, mark.rest))
			a = s.send(t, "POST", "/logout", bearer(in.AccessToken)).expect(t, http.StatusOK, "")
			a.sets(t, cleared(mark.domain, mark.rest))
		})
	}
}

// TestCookiesOfAnotherBackEndAreDisplaced by signing in. Beside ours, in a browser that sends both, they would make it none.
func TestCookiesOfAnotherBackEndAreDisplaced(t *testing.T) {
	const rest = "HttpOnly; Secure; SameSite=Lax"
	others := func(domain string) []string {
		return []string{
			"accessToken=; Path=/api/v1/users; " + domain + "Max-Age=0; " + rest,
			"refreshToken=; Path=/; " + domain + "Max-Age=0; " + rest,
		}
	}
	host := []string{"accessToken=; Path=/; Max-Age=0; " + rest, others("")[0], others("")[1], "refreshToken=; Path=/api/v1/users; Max-Age=0; " + rest}
	for domain, want := range map[string][]string{"": others(""), "example.org": append(others("Domain=example.org; "), host...)} {
		s, mark := open(t, map[string]string{"COOKIE_DOMAIN": domain}), ""
		if domain != "" {
			mark = "Domain=" + domain + "; "
		}
		person := s.register(t)
		for _, name := range []string{"accessToken", "refreshToken"} {
			a := s.send(t, "POST", "/login", asJSON(fields{"email": person["email"], "password": passphrase}), cookie(name, "old"))
			in := decode[signedIn](t, a.expect(t, http.StatusOK, "").Data)
			a.sets(t, append(want, s.cookies(in.tokens, mark, rest)...))
		}
	}
}

// TestCookiesLastAsLongAsTheirTokens: with the default settings, that is 15 minutes and 15 days.
func TestCookiesLastAsLongAsTheirTokens(t *testing.T) {
	s := open(t)
	in := s.caller(t)
	for what, left := range map[string]time.Duration{
		"access": in.AccessTokenExpiresAt.Add(-15 * time.Minute).Sub(s.Clock.Now()), "refresh": in.RefreshTokenExpiresAt.Add(-15 * 24 * time.Hour).Sub(s.Clock.Now()),
	} {
		if left > 0 || left < -time.Second {
			t.Errorf("the %s token lasts %v more than it should", what, left)
		}
	}
}

func TestCookiesAreClearedByWhateverEndsTheSession(t *testing.T) {
	s := open(t)
	all := cleared("", "HttpOnly; Secure; SameSite=Lax")
	in := s.caller(t)
	s.send(t, "POST", "/logout", bearer(in.AccessToken)).sets(t, all)
	s.send(t, "POST", "/logout", bearer(in.AccessToken)).expect(t, http.StatusOK, "").sets(t, all) // twice
	s.send(t, "POST", "/logout").expect(t, http.StatusUnauthorized, "token_missing").sets(t, all)
	s.send(t, "POST", "/logout", bearer("rubbish")).expect(t, http.StatusUnauthorized, "token_invalid").sets(t, all)
	s.send(t, "DELETE", "/me", bearer(s.caller(t).AccessToken), asJSON(fields{"password": passphrase})).expect(t, http.StatusOK, "").sets(t, all)

	in = s.caller(t)
	s.Clock.Advance(15 * time.Minute)
	s.send(t, "POST", "/logout", bearer(in.AccessToken)).expect(t, http.StatusUnauthorized, "token_expired").sets(t, all)
	s.send(t, "POST", "/logout", cookie("accessToken", in.AccessToken), cookie("refreshToken", in.RefreshToken)).expect(t, http.StatusOK, "").sets(t, all)
	s.refresh(t, in.RefreshToken).expect(t, http.StatusUnauthorized, "session_ended").sets(t, nil)
}

// TestCookiesOfOtherAnswers: nothing else sets any.
func TestCookiesOfOtherAnswers(t *testing.T) {
	s := open(t)
	for _, r := range routes {
		if r.path != "/login" && r.path != "/refresh-token" && r.path != "/logout" && r.String() != "DELETE /me" {
			r.call(t, s).sets(t, nil)
		}
	}
	s.guess(t, s.register(t)).sets(t, nil)
	s.refresh(t, "rubbish").expect(t, http.StatusUnauthorized, "token_invalid").sets(t, nil)
}
