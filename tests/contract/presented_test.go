package contract_test

import (
	"net/http"
	"testing"
)

// TestAccessTokenIsPresented as a bearer token, else in the cookie.
func TestAccessTokenIsPresented(t *testing.T) {
	s := open(t)
	token := s.caller(t).AccessToken
	for _, c := range []struct {
		name string
		with []option
		code string
	}{
		{"as a bearer token", []option{bearer(token)}, ""},
		{"by a scheme in any case", []option{header("Authorization", "bEARER "+token)}, ""},
		{"in the cookie", []option{cookie("accessToken", token)}, ""},
		{"in the cookie, beside another scheme", []option{cookie("accessToken", token), header("Authorization", "Basic YTpi")}, ""},
		{"in the cookie, which a wrong bearer token outdoes", []option{cookie("accessToken", token), bearer("rubbish")}, "token_invalid"},
		{"as a bearer token, which outdoes a wrong cookie", []option{cookie("accessToken", "rubbish"), bearer(token)}, ""},
		{"in the wrong cookie", []option{cookie("refreshToken", token)}, "token_missing"},
		{"in the body", []option{asJSON(fields{"accessToken": token, "fullname": "Somebody"})}, "token_missing"},
		{"in the query", []option{func(r *http.Request) { r.URL.RawQuery = "access_token=" + token }}, "token_missing"},
		{"without its scheme", []option{header("Authorization", token)}, "token_missing"},
		{"as nothing", []option{header("Authorization", "Bearer ")}, "token_missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			with := append([]option{asJSON(fields{"fullname": "Somebody"})}, c.with...)
			a := s.send(t, "PATCH", "/me", with...)
			if a.Code != c.code {
				t.Errorf("got %d %s", a.status, a.raw)
			}
		})
	}
}

// TestRefreshTokenIsPresented in the cookie, else in the body, however that is encoded.
func TestRefreshTokenIsPresented(t *testing.T) {
	s := open(t)
	token := s.caller(t).RefreshToken // its repeats are forgiven, as time stands still
	good, bad := fields{"refreshToken": token}, fields{"refreshToken": "rubbish"}
	for _, c := range []struct {
		name string
		with []option
		code string
	}{
		{"in the cookie", []option{cookie("refreshToken", token)}, ""},
		{"in a JSON body", []option{asJSON(good)}, ""},
		{"in a form", []option{asForm(good)}, ""},
		{"in the cookie, which outdoes a wrong body", []option{cookie("refreshToken", token), asJSON(bad)}, ""},
		{"in the body, which a wrong cookie outdoes", []option{cookie("refreshToken", "rubbish"), asJSON(good)}, "token_invalid"},
		{"in the body, beside an empty cookie", []option{cookie("refreshToken", ""), asJSON(good)}, ""},
		{"as a bearer token", []option{bearer(token)}, "token_missing"},
		{"in the query", []option{func(r *http.Request) { r.URL.RawQuery = "refreshToken=" + token }}, "token_missing"},
		{"as nothing", nil, "token_missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a := s.send(t, "POST", "/refresh-token", c.with...); a.Code != c.code {
				t.Errorf("got %d %s", a.status, a.raw)
			}
		})
	}
}

// TestLogoutTakesEitherToken, wherever it may be presented.
func TestLogoutTakesEitherToken(t *testing.T) {
	s := open(t)
	for name, with := range map[string]func(in signedIn) []option{
		"access token":                func(in signedIn) []option { return []option{bearer(in.AccessToken)} },
		"access cookie":               func(in signedIn) []option { return []option{cookie("accessToken", in.AccessToken)} },
		"refresh cookie":              func(in signedIn) []option { return []option{cookie("refreshToken", in.RefreshToken)} },
		"refresh token in JSON":       func(in signedIn) []option { return []option{asJSON(fields{"refreshToken": in.RefreshToken})} },
		"refresh token in a form":     func(in signedIn) []option { return []option{asForm(fields{"refreshToken": in.RefreshToken})} },
		"bad access, and the refresh": func(in signedIn) []option { return []option{bearer("x"), cookie("refreshToken", in.RefreshToken)} },
	} {
		t.Run(name, func(t *testing.T) {
			in := s.caller(t)
			s.send(t, "POST", "/logout", with(in)...).expect(t, http.StatusOK, "")
			s.send(t, "GET", "/me", bearer(in.AccessToken)).expect(t, http.StatusUnauthorized, "session_ended")
			s.refresh(t, in.RefreshToken).expect(t, http.StatusUnauthorized, "session_ended")
		})
	}
}
