package browser_test

import (
	"fmt"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// visit opens a path of the service.
func (p *tab) visit(path string) {
	p.t.Helper()
	p.do("visit "+path, chromedp.Navigate(p.url+path))
}

// sees waits until a text can be seen.
func (p *tab) sees(text string) {
	p.t.Helper()
	p.until("see "+text, fmt.Sprintf(`document.body.innerText.includes(%s)`, quote(text)))
}

// seesNo waits until a text can be seen no more.
func (p *tab) seesNo(text string) {
	p.t.Helper()
	p.until("see no "+text, fmt.Sprintf(`!document.body.innerText.includes(%s)`, quote(text)))
}

// click clicks on the button or link of that name.
func (p *tab) click(name string) {
	p.t.Helper()
	p.do("click "+name, chromedp.Click(p.control(name), chromedp.ByJSPath))
}

// fill puts a text into the field of that label, in place of what is there.
func (p *tab) fill(label, text string) {
	p.t.Helper()
	field := p.field(label)
	p.evaluate("focus "+label, fmt.Sprintf(`%s.focus(), %s.select()`, field, field), nil)
	p.do("fill "+label, input.InsertText(text))
}

// choose chooses a file in the field of that label.
func (p *tab) choose(label, file string) {
	p.t.Helper()
	p.do("choose "+file, chromedp.SetUploadFiles(p.field(label), []string{file}, chromedp.ByJSPath))
}

// holds wants a field to hold a text.
func (p *tab) holds(label, text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("find %q in %s", text, label), p.field(label)+`.value === `+quote(text))
}

// blames waits until a text stands beside a field, as the reason why it was refused.
func (p *tab) blames(label, text string) {
	p.t.Helper()
	field := p.field(label)
	p.until(fmt.Sprintf("%s beside %s", text, label), fmt.Sprintf(`(() => {
		const field = %s
		const reason = document.getElementById(field.getAttribute('aria-errormessage'))
		return field.ariaInvalid === 'true' && reason?.innerText.includes(%s)
			&& field.getAttribute('aria-describedby').split(' ').includes(reason.id)
	})()`, field, quote(text)))
}

// field is the field of a label that can be seen, or of its own name, as an expression of JavaScript.
func (p *tab) field(label string) string {
	p.t.Helper()
	found := fmt.Sprintf(`[...document.querySelectorAll('input')].find((i) =>
		i.closest('.field')?.checkVisibility() && (i.ariaLabel ?? i.labels[0]?.innerText.trim()) === %s)`, quote(label))
	p.until("find the field "+label, found+` !== undefined`)
	return found
}

// control is the button or link of a name, by its label or its text, as an expression of JavaScript.
func (p *tab) control(name string) string {
	p.t.Helper()
	found := fmt.Sprintf(`[...document.querySelectorAll('button, a')].find((b) =>
		b.checkVisibility() && (b.ariaLabel ?? b.innerText.trim()) === %s)`, quote(name))
	p.until("find the control "+name, found+` !== undefined`)
	return found
}

// signIn opens the page and signs Ada in.
func (p *tab) signIn() {
	p.t.Helper()
	p.visit("/")
	p.signInHere()
}

// signInHere signs Ada in where the page asks for it.
func (p *tab) signInHere() {
	p.t.Helper()
	p.fill("Email or username", "ada@example.org")
	p.fill("Password", password)
	p.click("Sign in")
	p.sees("This device")
}

// hasFocus waits until a field has the focus.
func (p *tab) hasFocus(label string) {
	p.t.Helper()
	p.until("have the focus in "+label, `document.activeElement === `+p.field(label))
}

// comesBack has the page believe that somebody comes back to its tab. What it showed of devices, it forgets, so that
// it can be seen when it has asked anew.
func (p *tab) comesBack() {
	p.t.Helper()
	p.evaluate("come back", `document.querySelector('#devices').replaceChildren(), document.dispatchEvent(new Event('visibilitychange'))`, nil)
}
