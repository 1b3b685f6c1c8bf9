package doors_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

func refreshing(token string) url.Values {
	return form("grant_type", "refresh_token", "refresh_token", token)
}

// TestTokenRequestsThatAreRefused, each by the name that RFC 6749, section 5.2, has for it. None costs anybody anything.
func TestTokenRequestsThatAreRefused(t *testing.T) {
	h := open(t, withClients, map[string]string{"THROTTLE": "off"})
	in := h.signIn(t)
	good := refreshing(in.RefreshToken)
	with := func(pairs ...string) url.Values {
		values := form(pairs...)
		for name, value := range good {
			values[name] = append(values[name], value...)
		}
		return values
	}
	for name, c := range map[string]struct {
		form   url.Values
		with   []option
		status int
		code   string
	}{
		"nothing":                      {nil, nil, 400, "invalid_request"},
		"no grant_type":                {form("refresh_token", in.RefreshToken), nil, 400, "invalid_request"},
		"an empty grant_type":          {form("grant_type", "", "refresh_token", in.RefreshToken), nil, 400, "invalid_request"},
		"two grant_types":              {with("grant_type", "refresh_token"), nil, 400, "invalid_request"},
		"two refresh tokens":           {with("refresh_token", in.RefreshToken), nil, 400, "invalid_request"},
		"no refresh token":             {form("grant_type", "refresh_token"), nil, 400, "invalid_request"},
		"an empty refresh token":       {form("grant_type", "refresh_token", "refresh_token", ""), nil, 400, "invalid_request"},
		"the grant password":           {form("grant_type", "password", "username", in.User.Username, "password", passphrase), nil, 400, "unsupported_grant_type"},
		"the grant client_credentials": {form("grant_type", "client_credentials"), []option{asGateway}, 400, "unsupported_grant_type"},
		"the grant authorization_code": {form("grant_type", "authorization_code", "code", "x"), nil, 400, "unsupported_grant_type"},
		"a grant in other case":        {form("grant_type", "Refresh_Token", "refresh_token", in.RefreshToken), nil, 400, "unsupported_grant_type"},
		"a scope":                      {with("scope", "admin"), nil, 400, "invalid_scope"},
		"rubbish":                      {refreshing("rubbish"), nil, 400, "invalid_grant"},
		"an access token":              {refreshing(in.AccessToken), nil, 400, "invalid_grant"},
		"a token with more":            {refreshing(in.RefreshToken + "x"), nil, 400, "invalid_grant"},
		"a wrong secret":               {with("client_id", clientID, "client_secret", "wrong"), nil, 401, "invalid_client"},
		"a wrong header":               {good, []option{basic(clientID, "wrong")}, 401, "invalid_client"},
		"a secret of nobody":           {with("client_id", "my-app", "client_secret", "secret"), nil, 401, "invalid_client"},
		"a known client, no secret":    {with("client_id", clientID), nil, 401, "invalid_client"},
		"another scheme":               {good, []option{header("Authorization", "Bearer "+in.AccessToken)}, 401, "invalid_client"},
		"a header of no base64":        {good, []option{header("Authorization", "Basic =")}, 401, "invalid_client"},
		"a secret badly encoded":       {good, []option{basic("my-app", "%zz")}, 401, "invalid_client"},
		"a name badly encoded":         {good, []option{basic("%zz", "")}, 401, "invalid_client"},
		"two headers":                  {good, []option{header("Authorization", "Basic eDo="), header("Authorization", "Basic eDo=")}, 400, "invalid_request"},
		"header and form":              {with("client_id", clientID, "client_secret", clientSecret), []option{asGateway}, 400, "invalid_request"},
		"two names":                    {with("client_id", "shop"), []option{asGateway}, 400, "invalid_request"},
		"two secrets":                  {with("client_id", clientID, "client_secret", clientSecret, "client_secret", clientSecret), nil, 400, "invalid_request"},
		"another origin":               {good, []option{header("Origin", "https://evil.example")}, 403, "access_denied"},
		"another site":                 {good, []option{header("Sec-Fetch-Site", "cross-site")}, 403, "access_denied"},
		"too much":                     {with("padding", strings.Repeat("x", 64<<10)), nil, 400, "invalid_request"},
		"compressed":                   {good, []option{header("Content-Encoding", "gzip")}, 400, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			a := h.post(t, tokenPath, c.form, c.with...).expect(t, c.status, c.code)
			if description, _ := a.body["error_description"].(string); description == "" || strings.ContainsAny(description, "\"\\") {
				t.Errorf("the description is %q", description)
			}
		})
	}
	h.Watch.AllowAnyRequest() // what the endpoint does not know is passed over (RFC 6749, section 3.2)
	h.post(t, tokenPath, with("client_id", clientID, "padding", "x"), asGateway).expect(t, 200, "")
}

// TestTheTokenEndpointTakesFormsAlone: neither other media types, nor the query, nor other methods.
func TestTheTokenEndpointTakesFormsAlone(t *testing.T) {
	h := open(t)
	in := h.signIn(t)
	for _, mediaType := range []string{"application/json", "multipart/form-data; boundary=b", "text/plain", ""} {
		body := `{"grant_type":"refresh_token","refresh_token":"` + in.RefreshToken + `"}`
		h.send(t, http.MethodPost, tokenPath, body, header("Content-Type", mediaType)).expect(t, 400, "invalid_request")
	}
	h.post(t, tokenPath+"?"+refreshing(in.RefreshToken).Encode(), nil).expect(t, 400, "invalid_request")
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		if a := h.send(t, method, tokenPath+"?"+refreshing(in.RefreshToken).Encode(), ""); a.status != 405 || a.header.Get("Allow") != "POST" {
			t.Errorf("%s answers %d, Allow: %q", method, a.status, a.header.Get("Allow"))
		}
	}
	h.post(t, tokenPath, refreshing(in.RefreshToken), header("Content-Type", "")).expect(t, 400, "invalid_request")
	h.send(t, http.MethodPost, tokenPath, refreshing(in.RefreshToken).Encode(), header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")).expect(t, 200, "")
}

// TestTheTokenEndpointReadsNoCookie: a browser that is misled hands nothing over.
func TestTheTokenEndpointReadsNoCookie(t *testing.T) {
	h := open(t)
	in := h.signIn(t)
	cookies := header("Cookie", "refreshToken="+in.RefreshToken+"; accessToken="+in.AccessToken)
	h.post(t, tokenPath, form("grant_type", "refresh_token"), cookies).expect(t, 400, "invalid_request")
	h.post(t, revokePath, nil, cookies).expect(t, 400, "invalid_request")
	if why := h.refused(t, in.AccessToken); why != "" {
		t.Errorf("the session is gone: %s", why)
	}
}

// TestARetiredTokenEndsTheSession at this door as at the other.
func TestARetiredTokenEndsTheSession(t *testing.T) {
	h := open(t)
	in := h.signIn(t)
	next, _ := h.post(t, tokenPath, refreshing(in.RefreshToken)).expect(t, 200, "").body["refresh_token"].(string)
	again, _ := h.post(t, tokenPath, refreshing(in.RefreshToken)).expect(t, 200, "").body["refresh_token"].(string)
	if again != next {
		t.Error("within the grace, another refresh token is answered")
	}
	h.Clock.Advance(31 * time.Second)
	h.post(t, tokenPath, refreshing(in.RefreshToken)).expect(t, 400, "invalid_grant")
	h.post(t, tokenPath, refreshing(next)).expect(t, 400, "invalid_grant")
}

// TestExpiresInIsNeverForEver: at a session's last moment too, since clients take 0 for a token that never expires.
func TestExpiresInIsNeverForEver(t *testing.T) {
	h := open(t, map[string]string{"SESSION_MAX_AGE": "10m"})
	in := h.signIn(t)
	h.Clock.Advance(10*time.Minute - 1100*time.Millisecond)
	seconds, _ := h.post(t, tokenPath, refreshing(in.RefreshToken)).expect(t, 200, "").body["expires_in"].(float64)
	if seconds != 1 {
		t.Errorf("expires_in is %v", seconds)
	}
}
