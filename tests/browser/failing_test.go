package browser_test

import "testing"

func TestNothingIsLostWhenARegistrationFails(t *testing.T) {
	h := newHouse(t)
	p := newTab(t, h)
	p.expects(unavailable)
	p.visit("/#register")
	p.choose("Add a photo", face(t))
	p.fill("Full name", "Ada Lovelace")
	p.fill("Email", "ada@example.org")
	p.fill("Password", password)
	mend := h.failing("POST /api/v1/users/register")
	p.click("Create account")
	p.sees("not available")
	p.holds("Full name", "Ada Lovelace")
	p.holds("Email", "ada@example.org")
	p.holds("Password", password)
	p.shows("Change", "blob:")
	mend()
	p.click("Create account")
	p.sees("ada@example.org · Member since")
	p.shows("Change your photo", "/images/")
}

func TestNothingIsLostWhenTheSignInAfterARegistrationFails(t *testing.T) {
	h := newHouse(t)
	p := newTab(t, h)
	p.expects(unavailable)
	p.visit("/#register")
	p.fill("Email", "ada@example.org")
	p.fill("Password", password)
	mend := h.failing("POST /api/v1/users/login")
	p.click("Create account")
	p.sees("Your account is made. Please sign in.")
	p.holds("Email or username", "ada@example.org")
	p.holds("Password", password)
	mend()
	p.click("Sign in")
	p.sees("Member since")
}

func TestNothingIsLostWhenTheConnectionIsCut(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	p := newTab(t, h)
	p.expects(cut)
	p.signIn()
	mend := h.cutting("PATCH /api/v1/users/me")
	p.fill("Full name", "Countess of Lovelace")
	p.click("Save profile")
	p.sees("Nothing you typed is lost")
	p.holds("Full name", "Countess of Lovelace")
	mend()
	p.click("Save profile")
	p.sees("Profile saved.")
}

func TestNothingIsLostWhenAPasswordIsNotChanged(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	p := newTab(t, h)
	p.expects(unavailable)
	p.signIn()
	mend := h.failing("POST /api/v1/users/change-password")
	p.fill("Current password", password)
	p.fill("New password", "a stitch in time saves")
	p.click("Change password")
	p.sees("not available")
	p.holds("Current password", password)
	p.holds("New password", "a stitch in time saves")
	mend()
	p.click("Change password")
	p.sees("Password changed.")
}

func TestASignOutThatFailsSignsNobodyOut(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	p := newTab(t, h)
	p.expects(unavailable)
	p.signIn()
	mend := h.failing("POST /api/v1/users/logout")
	p.click("Sign out")
	p.sees("not available")
	p.sees("Ada Lovelace")
	mend()
	p.click("Sign out")
	p.sees("Welcome back")
}

func TestAServiceThatDoesNotAnswerSignsNobodyOut(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	p := newTab(t, h)
	p.signIn()
	mend := h.failing("GET /api/v1/users/me")
	p.visit("/")
	p.sees("No connection")
	mend()
	p.click("Try again")
	p.sees("Ada Lovelace")
}

func TestNobodySeesAWrongStateBeforeTheServiceHasAnswered(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	p := newTab(t, h)
	p.signIn()
	release := h.hold(t, "GET /api/v1/users/me")
	p.visit("/")
	p.until("wait", `document.querySelector('#waiting').checkVisibility()
		&& !['sign-in', 'register', 'account', 'unreachable'].some((id) => document.getElementById(id).checkVisibility())`)
	release()
	p.sees("Ada Lovelace")
}
