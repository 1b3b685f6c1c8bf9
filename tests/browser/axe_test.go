package browser_test

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/chromedp/chromedp"
)

// axe finds what people with disabilities would stumble over. It is axe-core 4.14.1 of Deque Systems, unchanged;
// its licence is beside it, its source at github.com/dequelabs/axe-core.
//
//go:embed testdata/axe.min.js
var axe string

// violation is a rule that the page breaks, and where.
type violation struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// String says it in some lines.
func (v violation) String() string {
	text := v.ID + ": " + v.Help
	for _, node := range v.Nodes {
		text += fmt.Sprintf("\n%s\n%s", node.HTML, node.FailureSummary)
	}
	return text
}

// violations is what of WCAG 2.2, levels A and AA, the page breaks, but for the rules that are excepted. Chromium itself runs axe, so that the page's
// Content-Security-Policy holds for the page.
func (p *tab) violations(except ...string) (found []violation) {
	p.t.Helper()
	off := map[string]any{}
	for _, rule := range except {
		off[rule] = map[string]bool{"enabled": false}
	}
	rules, err := json.Marshal(off)
	must(p.t, err)
	p.do("load axe", chromedp.Evaluate(`globalThis.axe === undefined && void (() => {`+axe+`})()`, nil))
	p.evaluate("run axe", fmt.Sprintf(`axe.run(document, {
		resultTypes: ['violations'], rules: %s, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
	}).then(({ violations }) => violations)`, rules), &found)
	return found
}
