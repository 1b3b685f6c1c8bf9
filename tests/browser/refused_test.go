package browser_test

import "testing"

func TestErrorsStandBesideTheirFields(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	p := newTab(t, h)
	p.expects(refused, unknown, taken)

	p.visit("/")
	p.click("Sign in")
	p.blames("Email or username", "Enter your email or username.")
	p.fill("Email or username", "ada")
	p.fill("Password", "a wrong one")
	p.click("Sign in")
	p.blames("Password", "The account or the password is wrong.")
	p.hasFocus("Password")

	p.click("Create one")
	p.click("Create account")
	p.blames("Email", "Email")
	p.blames("Password", "Password")
	p.hasFocus("Email")
	p.fill("Email", "ada@example.org")
	p.fill("Password", "another good one")
	p.click("Create account")
	p.blames("Email", "Email")
	p.hasFocus("Email")
}

func TestErrorsOfAnAccountStandBesideTheirFields(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	p := newTab(t, h)
	p.expects(refused, unknown)
	p.signIn()

	p.fill("Email", "no address")
	p.click("Save profile")
	p.blames("Email", "Email")
	p.holds("Email", "no address")

	p.fill("Current password", "a wrong one")
	p.fill("New password", "a stitch in time saves")
	p.click("Change password")
	p.blames("Current password", "This is not your current password.")
	p.fill("Current password", password)
	p.fill("New password", "short")
	p.click("Change password")
	p.blames("New password", "New password")

	p.click("Delete account…")
	p.fill("Password", "a wrong one")
	p.click("Delete for good")
	p.blames("Password", "This is not your password.")
	p.click("Keep it")
	p.sees("Ada Lovelace")
}
