package browser_test

import "testing"

func TestAWholeLifeOnThePage(t *testing.T) {
	h := newHouse(t)
	ada := newTab(t, h)

	ada.visit("/")
	ada.click("Create one")
	ada.sees("Create your account")
	ada.choose("Add a photo", face(t))
	ada.shows("Change", "blob:")
	ada.fill("Full name", "Ada Lovelace")
	ada.fill("Email", "ada@example.org")
	ada.fill("Username", "ada")
	ada.fill("Password", password)
	ada.click("Create account")
	ada.sees("ada@example.org · Member since")
	ada.sees("This device")
	ada.shows("Change your photo", "/images/")

	ada.choose("Change your photo", face(t))
	ada.sees("Picture changed.")
	ada.fill("Full name", "Countess of Lovelace")
	ada.click("Save profile")
	ada.sees("Profile saved.")
	ada.sees("Countess of Lovelace")

	ada.fill("Current password", password)
	ada.fill("New password", "a stitch in time saves")
	ada.click("Change password")
	ada.sees("Password changed.")
	ada.holds("New password", "")

	ada.click("Sign out")
	ada.sees("Welcome back")
	ada.fill("Email or username", "ada")
	ada.fill("Password", "a stitch in time saves")
	ada.click("Sign in")
	ada.sees("Countess of Lovelace")
	ada.sees("This device")

	ada.click("Delete account…")
	ada.fill("Password", "a stitch in time saves")
	ada.click("Delete for good")
	ada.sees("Your account is deleted.")
	ada.sees("Welcome back")
	ada.seesNo("Countess of Lovelace")
	if n := h.ImagesLeft(t); n != 0 {
		t.Errorf("%d pictures are left of a deleted account", n)
	}
}
