package httpapi

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

// seen is a verifier that refuses every token, and remembers which came last.
type seen struct{ access, refresh *domain.Secret }

func (s seen) VerifyAccess(token domain.Secret, _ time.Time) (domain.AccessClaims, error) {
	*s.access = token
	return domain.AccessClaims{}, domain.ErrTokenInvalid
}

func (s seen) VerifyRefresh(token domain.Secret, _ time.Time) (domain.RefreshClaims, error) {
	*s.refresh = token
	return domain.RefreshClaims{}, domain.ErrTokenInvalid
}

// fuzzHeader sends a header of any value to the routes that take a token out of it. It is refused with 401 by all of them,
// in the envelope; what is taken for a token stands in the header as it is, and is neither answered nor logged.
func fuzzHeader(f *testing.F, name string) {
	var tokens seen
	handler, log := testServer(f, nil, func(c *Config) {
		tokens = seen{new(domain.Secret), new(domain.Secret)}
		c.App = app.New(app.Deps{Verifier: tokens, Now: time.Now})
	})
	f.Fuzz(func(t *testing.T, value string) {
		for _, route := range [][2]string{
			{http.MethodGet, "/api/v1/users/me"}, {http.MethodPost, "/api/v1/users/refresh-token"}, {http.MethodPost, logoutPath},
		} {
			*tokens.access, *tokens.refresh = domain.Secret{}, domain.Secret{}
			log.Reset()
			r := httptest.NewRequest(route[0], route[1], nil)
			r.Header[name] = []string{value}
			resp := serve(handler, r)
			answer, _ := io.ReadAll(resp.Body) // from memory
			var envelope failure
			if err := json.Unmarshal(answer, &envelope); err != nil || resp.StatusCode != http.StatusUnauthorized || envelope.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s with %q: %d %s", route[1], value, resp.StatusCode, answer)
			}
			for _, token := range []string{tokens.access.Reveal(), tokens.refresh.Reveal()} {
				if !strings.Contains(value, token) {
					t.Errorf("%s with %q presents %q", route[1], value, token)
				}
				if len(token) > 40 && strings.Contains(log.String()+string(answer), token) {
					t.Errorf("%s with %q shows the token", route[1], value)
				}
			}
		}
	})
}

// FuzzAuthorization: any Authorization header.
func FuzzAuthorization(f *testing.F) {
	f.Add("Bearer x")
	fuzzHeader(f, "Authorization")
}

// FuzzCookies: any Cookie header.
func FuzzCookies(f *testing.F) {
	f.Add("accessToken=x; refreshToken=y")
	fuzzHeader(f, "Cookie")
}
