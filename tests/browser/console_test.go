package browser_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// console is what a tab complains of: to the console, by exceptions that nobody caught, and of the network and the
// Content-Security-Policy.
type console struct {
	mu       sync.Mutex
	said     []string
	expected []string
}

func listen(ctx context.Context) *console {
	c := &console{}
	chromedp.ListenTarget(ctx, func(event any) {
		switch event := event.(type) {
		case *runtime.EventConsoleAPICalled:
			if event.Type == runtime.APITypeError || event.Type == runtime.APITypeWarning {
				c.note(fmt.Sprintf("console.%s", event.Type))
			}
		case *runtime.EventExceptionThrown:
			c.note(event.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			if event.Entry.Level == log.LevelError || event.Entry.Level == log.LevelWarning {
				c.note(fmt.Sprintf("%s (%s, %s)", event.Entry.Text, event.Entry.Source, event.Entry.URL))
			}
		}
	})
	return c
}

func (c *console) note(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, text)
}

// expects says that something is refused on purpose, which browsers note too.
func (p *tab) expects(complaints ...string) {
	p.console.mu.Lock()
	defer p.console.mu.Unlock()
	p.console.expected = append(p.console.expected, complaints...)
}

// Complaints of a browser that somebody may expect.
const (
	refused     = "status of 400"
	unknown     = "status of 401"
	taken       = "status of 409"
	unavailable = "status of 503"
	cut         = "net::ERR_"
)

// check wants the tab to have complained of nothing but what was expected.
func (c *console) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, said := range c.said {
		if !slices.ContainsFunc(c.expected, func(expected string) bool { return strings.Contains(said, expected) }) {
			t.Errorf("the console says: %s", said)
		}
	}
}
