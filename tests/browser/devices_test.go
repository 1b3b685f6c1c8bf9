package browser_test

import "testing"

func TestDevicesAreShownByTheirNames(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	h.signsInFrom(t, phone)
	ada := newTab(t, h)
	ada.signIn()
	ada.sees("Chrome on Linux")
	ada.sees("Safari on iPhone")
	ada.sees("127.0.0.1")
}

func TestAnotherDeviceIsSignedOut(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	lost, kept := h.signsInFrom(t, phone), h.signsInFrom(t, laptop)
	ada := newTab(t, h)
	ada.signIn()
	ada.click("Sign out Safari on iPhone, address 127.0.0.1")
	ada.sees("Safari on iPhone is signed out.")
	ada.sees("Ended from another device.")
	h.isOver(t, lost)
	h.isAlive(t, kept)
}

func TestAllOtherDevicesAreSignedOut(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	one, two := h.signsInFrom(t, phone), h.signsInFrom(t, laptop)
	ada := newTab(t, h)
	ada.signIn()
	ada.click("Sign out all other devices")
	ada.sees("2 other devices are signed out.")
	h.isOver(t, one)
	h.isOver(t, two)
	ada.visit("/")
	ada.sees("This device")
}

func TestANewPasswordSignsOutEverywhereElse(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	elsewhere := h.signsInFrom(t, phone)
	ada := newTab(t, h)
	ada.signIn()
	ada.fill("Current password", password)
	ada.fill("New password", "a stitch in time saves")
	ada.click("Change password")
	ada.sees("Ended because the password was changed.")
	h.isOver(t, elsewhere)
}

func TestADeviceThatIsSignedOutFromElsewhereSaysSo(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	ada := newTab(t, h)
	ada.expects(unknown)
	ada.signIn()
	_, err := h.from(phone).EndSessions(t.Context(), h.signsInFrom(t, phone).AccessToken, true)
	must(t, err)
	ada.comesBack()
	ada.sees("You were signed out")
	ada.sees("it was ended from another device")
	ada.sees("Welcome back")
}
