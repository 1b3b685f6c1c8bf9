package browser_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is how long a tab waits for what never comes. No test takes it but one that fails.
const patience = time.Minute

// tab is a tab of a browser, on the account page of a service.
type tab struct {
	t       *testing.T
	ctx     context.Context
	url     string
	profile cdp.BrowserContextID
	console *console
}

// newTab opens a tab of a browser that was never here. It closes with the test, and with it goes what the browser knew.
func newTab(t *testing.T, h *house) *tab {
	t.Helper()
	ctx := chromium(t)
	engine := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
	profile, err := target.CreateBrowserContext().Do(engine)
	must(t, err)
	t.Cleanup(func() { must(t, target.DisposeBrowserContext(profile).Do(engine)) })
	return open(t, h.URL, profile)
}

// another opens another tab of the same browser, which has the same cookies.
func (p *tab) another() *tab {
	p.t.Helper()
	return open(p.t, p.url, p.profile)
}

func open(t *testing.T, url string, profile cdp.BrowserContextID) *tab {
	t.Helper()
	ctx := chromium(t)
	engine := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(profile).WithNewWindow(true).Do(engine)
	must(t, err)
	ctx, closeTab := chromedp.NewContext(ctx, chromedp.WithTargetID(id))
	t.Cleanup(closeTab)
	must(t, chromedp.Run(ctx)) // attaches to it, and ends it with the context that it is given
	p := &tab{t: t, ctx: ctx, url: url, profile: profile, console: listen(ctx)}
	t.Cleanup(func() { p.console.check(t) })
	p.light()
	p.resize(wide)
	return p
}

// light and dark are what people prefer. Nothing moves, so that pictures are those of a page at rest.
func (p *tab) light() { p.prefer("light") }
func (p *tab) dark()  { p.prefer("dark") }

func (p *tab) prefer(scheme string) {
	p.t.Helper()
	p.do("prefer "+scheme, emulation.SetLocaleOverride().WithLocale("en-GB"), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-reduced-motion", Value: "reduce"}, {Name: "prefers-color-scheme", Value: scheme},
	}))
}

// The sizes of windows that the page is tried at.
const (
	narrow = 360
	wide   = 1280
)

// resize makes the window so many pixels wide.
func (p *tab) resize(width int64) {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(width, 800))
}

// until waits until an expression of JavaScript is true.
func (p *tab) until(what, expression string) {
	p.t.Helper()
	p.evaluate(what, fmt.Sprintf(`new Promise((done, fail) => {
		const look = async () => { (await (%s)) ? done(true) : setTimeout(() => look().catch(fail), 10) }
		look().catch(fail)
	})`, expression), nil)
}

// evaluate is what an expression of JavaScript, or what it promises, comes to.
func (p *tab) evaluate(what, expression string, answer any) {
	p.t.Helper()
	p.do(what, chromedp.Evaluate(expression, answer, func(e *runtime.EvaluateParams) *runtime.EvaluateParams {
		return e.WithAwaitPromise(true)
	}))
}

// do does something in the tab. Where that fails, the test ends with what the tab showed.
func (p *tab) do(what string, actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v\nthe page shows:\n%s", what, err, p.shown())
	}
}

// shown is the text of the page, and its picture is kept.
func (p *tab) shown() (text string) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	var picture []byte
	if err := chromedp.Run(ctx, chromedp.Evaluate(`document.body.innerText`, &text), chromedp.FullScreenshot(&picture, 100)); err != nil {
		return err.Error()
	}
	keep(p.t, "failed.png", picture)
	return text
}

// keep keeps a file as output of the test, for go test -artifacts.
func keep(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), name), content, 0o600); err != nil {
		t.Error(err)
	}
}

// quote is a text as a literal of JavaScript.
func quote(text string) string {
	literal, _ := json.Marshal(strings.ToValidUTF8(text, "")) // a text cannot fail
	return string(literal)
}
