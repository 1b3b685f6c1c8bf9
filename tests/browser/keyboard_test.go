package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestEveryControlIsReachedByKeyboardAndShowsIt(t *testing.T) {
	eachState(t, (*tab).light, func(t *testing.T, p *tab, name string) {
		for _, control := range p.tabThrough() {
			if !control.Reached || !control.Outlined || !control.InSight {
				t.Errorf("%s: %+v", name, control)
			}
		}
	})
}

// control is something on the page that can be used, and how it was with the key Tab.
type control struct {
	HTML              string
	Reached           bool
	Outlined, InSight bool // while it had the focus
}

// tabThrough presses Tab until every control of the page has had its turn. Where a dialog is open, there are no others.
func (p *tab) tabThrough() (controls []control) {
	p.t.Helper()
	var n int
	p.evaluate("find the controls", `(() => {
		const within = document.querySelector('dialog[open]') ?? document
		const usable = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])'
		globalThis.controls = [...within.querySelectorAll(usable)].filter((e) => e.checkVisibility())
		globalThis.report = controls.map((e) => ({ html: e.outerHTML.slice(0, 120) }))
		document.activeElement.blur()
		return controls.length
	})()`, &n)
	for range n + 2 { // past the last one are the window's own
		p.do("press Tab", chromedp.KeyEvent(kb.Tab))
		p.evaluate("look at the focus", `(() => {
			const focused = document.activeElement
			const seen = focused.matches('[type="file"]') ? focused.labels[0] : focused // a picture is chosen by its label
			const { outlineStyle, outlineWidth } = getComputedStyle(seen)
			const { top, bottom, left, right } = seen.getBoundingClientRect()
			const at = document.elementFromPoint((left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2)
			Object.assign(report[controls.indexOf(focused)] ?? {}, {
				reached: true,
				outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
				inSight: bottom > 0 && top < innerHeight && seen.contains(at),
			})
		})()`, nil)
	}
	p.evaluate("report", `report`, &controls)
	if len(controls) == 0 {
		p.t.Error("there are no controls")
	}
	return controls
}

func TestAdaSignsInAndOutByKeyboardAlone(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	p := newTab(t, h)
	p.visit("/")
	p.sees("Welcome back")
	p.tabTo(p.field("Email or username"))
	p.do("type", chromedp.KeyEvent("ada@example.org"+kb.Tab+password+kb.Enter))
	p.sees("This device")
	p.tabTo(p.control("Delete account…"))
	p.do("open the dialog", chromedp.KeyEvent(kb.Enter))
	p.sees("Delete your account?")
	p.do("close it", chromedp.KeyEvent(kb.Escape))
	p.seesNo("Delete your account?")
	p.tabTo(p.control("Sign out"))
	p.do("press the button", chromedp.KeyEvent(" "))
	p.sees("Welcome back")
}

// tabTo presses Tab until something has the focus.
func (p *tab) tabTo(found string) {
	p.t.Helper()
	var there bool
	for range 50 {
		if p.evaluate("look at the focus", fmt.Sprintf(`document.activeElement === %s`, found), &there); there {
			return
		}
		p.do("press Tab", chromedp.KeyEvent(kb.Tab))
	}
	p.t.Fatalf("Tab does not lead to %s", found)
}
