package contract_test

import (
	"bytes"
	"crypto/sha1"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// TestNewPasswordsSayWhyTheyAreRefused: without the reason people try the same again, with a digit.
func TestNewPasswordsSayWhyTheyAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ hash, password, reason string }{
		"too short":     {"argon2id", "seven77", "at least 8 characters"},
		"too long":      {"argon2id", strings.Repeat("long ", 205), "at most 1024 bytes"},
		"for bcrypt":    {"bcrypt", strings.Repeat("long ", 15), "at most 72 bytes"},
		"common":        {"argon2id", "Password1", "common password"},
		"one character": {"argon2id", "############", "one character repeated"},
		"the email":     {"argon2id", "Ada.Lovelace@Example.org", "made of the email"},
		"the service":   {"argon2id", "latchkey!", "made of the name of this service"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, map[string]string{"PASSWORD_HASH": c.hash})
			person := newcomer().but("email", "ada.lovelace@example.org").but("password", c.password)
			a := s.send(t, "POST", "/register", asJSON(person)).expect(t, http.StatusBadRequest, "validation_failed")
			a.blames(t, "password")
			if !strings.Contains(a.Errors[0].Message, c.reason) {
				t.Errorf("%q is said, and not %q", a.Errors[0].Message, c.reason)
			}
		})
	}
}

// leaking is a range API by whose account one password leaked.
func leaking(t *testing.T, password string, broken *atomic.Bool) (settings map[string]string) {
	t.Helper()
	digest := fmt.Sprintf("%X", sha1.Sum([]byte(password)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fmt.Fprintf(w, "%035X:4\r\n", 7)
		if r.URL.Path == "/range/"+digest[:5] {
			fmt.Fprintf(w, "%s:12\r\n", digest[5:])
		}
	}))
	t.Cleanup(server.Close)
	return map[string]string{"PASSWORD_BREACH_URL": server.URL + "/range/"}
}

func TestPasswordsThatLeakedAreRefused(t *testing.T) {
	const leaked = "the whole world knows this one"
	var broken atomic.Bool
	s := open(t, leaking(t, leaked, &broken))

	a := s.send(t, "POST", "/register", asJSON(newcomer().but("password", leaked))).expect(t, http.StatusBadRequest, "validation_failed")
	a.blames(t, "password")
	caller := s.caller(t)
	change := asJSON(fields{"oldPassword": passphrase, "newPassword": leaked})
	a = s.send(t, "POST", "/change-password", bearer(caller.AccessToken), change).expect(t, http.StatusBadRequest, "validation_failed")
	a.blames(t, "newPassword")
	if !strings.Contains(a.Errors[0].Message, "breach") {
		t.Errorf("said is %q", a.Errors[0].Message)
	}

	const warning = "a new password was not looked up"
	if bytes.Contains(s.Log.Bytes(), []byte(warning)) {
		t.Error("the log has a warning too early")
	}
	broken.Store(true)
	s.send(t, "POST", "/change-password", bearer(caller.AccessToken), change).expect(t, http.StatusOK, "")
	if !bytes.Contains(s.Log.Bytes(), []byte(warning)) {
		t.Error("the log does not say that a password was not looked up")
	}
}
