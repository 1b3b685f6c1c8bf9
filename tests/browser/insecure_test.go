package browser_test

import (
	"strings"
	"testing"
)

// TestASignInThatIsNotKept: over plain http from another machine, browsers drop cookies that are Secure.
func TestASignInThatIsNotKept(t *testing.T) {
	const complaint = "Your browser did not keep the sign-in"
	h := newHouse(t)
	h.ada(t)
	h.URL = strings.Replace(h.URL, "127.0.0.1", elsewhere, 1)
	ada := newTab(t, h)
	ada.expects(unknown, "Cross-Origin-Opener-Policy")
	ada.visit("/")
	ada.fill("Email or username", "ada@example.org")
	ada.fill("Password", password)
	ada.click("Sign in")
	ada.sees(complaint)
	ada.sees("COOKIE_SECURE=false")

	trial := newHouse(t, map[string]string{"COOKIE_SECURE": "false"})
	trial.ada(t)
	trial.URL = strings.Replace(trial.URL, "127.0.0.1", elsewhere, 1)
	ada = newTab(t, trial)
	ada.expects("Cross-Origin-Opener-Policy")
	ada.signIn()
	ada.seesNo(complaint)
}
