package browser_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// state is one that the page can be in. They follow each other.
type state struct {
	name  string
	reach func(t *testing.T, h *house, p *tab)
}

// states is the main states of the page, in the order in which a tab comes by them.
var states = []state{
	{"sign in", func(_ *testing.T, _ *house, p *tab) {
		p.visit("/")
		p.sees("Welcome back")
	}},
	{"sign in, refused", func(_ *testing.T, _ *house, p *tab) {
		p.fill("Email or username", "ada@example.org")
		p.fill("Password", "a wrong one")
		p.click("Sign in")
		p.blames("Password", "wrong")
	}},
	{"register", func(_ *testing.T, _ *house, p *tab) {
		p.click("Create one")
		p.sees("Create your account")
	}},
	{"register, refused", func(t *testing.T, _ *house, p *tab) {
		p.choose("Add a photo", face(t))
		p.fill("Email", "ada")
		p.fill("Username", "ada lovelace")
		p.click("Create account")
		p.blames("Email", "Email")
	}},
	{"no connection", func(_ *testing.T, h *house, p *tab) {
		mend := h.failing("GET /api/v1/users/me")
		p.visit("/")
		p.sees("No connection")
		mend()
	}},
	{"account", func(_ *testing.T, _ *house, p *tab) {
		p.click("Try again")
		p.signInHere()
		p.sees("Ended from another device.")
	}},
	{"account, refused", func(t *testing.T, _ *house, p *tab) {
		p.choose("Change your photo", face(t))
		p.shows("Change your photo", "/images/")
		p.fill("Email", "ada")
		p.click("Save profile")
		p.blames("Email", "Email")
		p.click("Change password")
		p.blames("Current password", "Current password")
	}},
	{"delete", func(_ *testing.T, _ *house, p *tab) {
		p.click("Delete account…")
		p.sees("Delete your account?")
	}},
	{"signed out", func(t *testing.T, h *house, p *tab) {
		p.click("Keep it")
		thief := h.from("thief/1.0")
		first, err := thief.Refresh(t.Context(), p.refreshToken())
		must(t, err)
		_, err = thief.Refresh(t.Context(), first.RefreshToken)
		must(t, err)
		h.Clock.Advance(accessTTL)
		p.comesBack()
		p.sees("You were signed out for your safety")
	}},
	{"account, after a theft", func(_ *testing.T, _ *house, p *tab) {
		p.signInHere()
		p.sees("Ended for your safety")
	}},
}

// livedIn is a service in which Ada is, and was, signed in on some devices.
func livedIn(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.ada(t)
	h.signsInFrom(t, phone)
	here, ended := h.signsInFrom(t, laptop), h.signsInFrom(t, "curl/8.14.1")
	sessions, err := h.from("").Sessions(t.Context(), ended.AccessToken)
	must(t, err)
	i := slices.IndexFunc(sessions, func(s scenario.Session) bool { return s.Current })
	must(t, h.from("").EndSession(t.Context(), here.AccessToken, sessions[i].ID))
	return h
}

// eachState walks a tab through the states, at each width, and does something in each.
func eachState(t *testing.T, prepare func(p *tab), check func(t *testing.T, p *tab, name string)) {
	t.Helper()
	for _, width := range []int64{narrow, wide} {
		t.Run(fmt.Sprintf("%d px", width), func(t *testing.T) {
			h := livedIn(t)
			p := newTab(t, h)
			p.expects(refused, unknown, unavailable)
			p.resize(width)
			prepare(p)
			for _, each := range states {
				each.reach(t, h, p)
				check(t, p, fmt.Sprintf("%d px, %s", width, each.name))
			}
		})
	}
}

func TestEveryStateFitsItsWindow(t *testing.T) {
	eachState(t, (*tab).light, func(_ *testing.T, p *tab, name string) { p.fits(name) })
}

// fits wants nothing to reach out of the window, and nobody to have to scroll sideways.
func (p *tab) fits(name string) {
	p.t.Helper()
	var wider []string
	p.evaluate("measure", `[...document.querySelectorAll('*')].filter((e) => e.checkVisibility()
		&& e.getBoundingClientRect().right > document.documentElement.clientWidth).map((e) => e.outerHTML.slice(0, 100))`, &wider)
	for _, element := range wider {
		p.t.Errorf("%s: %s reaches out of the window", name, element)
	}
	var over int
	p.evaluate("measure", `document.scrollingElement.scrollWidth - document.documentElement.clientWidth`, &over)
	if over > 0 {
		p.t.Errorf("%s: scrolls by %d px", name, over)
	}
}

func TestEveryStateIsReadableInTheLight(t *testing.T) { testReadable(t, "light", (*tab).light) }
func TestEveryStateIsReadableInTheDark(t *testing.T)  { testReadable(t, "dark", (*tab).dark) }

// testReadable has axe look at every state, and keeps its picture.
func testReadable(t *testing.T, scheme string, prefer func(*tab)) {
	eachState(t, prefer, func(t *testing.T, p *tab, name string) {
		for _, violation := range p.violations() {
			t.Errorf("%s: %s", name, violation)
		}
		keep(t, fmt.Sprintf("%s, %s.png", name, scheme), p.picture())
	})
}
