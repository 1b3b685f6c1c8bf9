package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// A door answers whatever goes wrong as RFC 6749 has it, and tells nothing of the inside.
func TestDoorsFailInTheWordsOfOAuth(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"a bad token":             {domain.ErrTokenInvalid, 400, "invalid_grant"},
		"a store that is away":    {ports.Unavailable(errors.New("secret inside")), 503, "temporarily_unavailable"},
		"too many attempts":       {domain.TooManyAttempts(time.Minute), 429, "temporarily_unavailable"},
		"a bug":                   {errors.New("secret inside"), 500, "server_error"},
		"a code that no door has": {&domain.Error{Code: domain.CodeImageInvalid, Message: "secret inside"}, 500, "server_error"},
	} {
		handler, _ := testServer(t, c.err, nil)
		r := post(formType, "grant_type=refresh_token&refresh_token=x")
		r.URL.Path = tokenPath
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		var said oauthError
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || w.Code != c.status || said.Error != c.code || said.Description == "" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		retry := c.status == http.StatusServiceUnavailable || c.status == http.StatusTooManyRequests
		if strings.Contains(w.Body.String(), "inside") || (w.Header().Get("Retry-After") != "") != retry {
			t.Errorf("%s: %v %s", name, w.Header(), w.Body)
		}
	}
}

// A description has no characters but those of RFC 6749, section 5.2.
func TestDescriptionsAreQuotable(t *testing.T) {
	for message, want := range map[string]string{
		"The field \"token\" is wrong.": "The field 'token' is wrong.",
		`a\b`:                           "a'b",
		"line\nbreak\x7f":               "linebreak",
		"größer":                        "grer",
		" ~":                            " ~",
	} {
		if got := quotable(message); got != want {
			t.Errorf("%q becomes %q, want %q", message, got, want)
		}
	}
}
