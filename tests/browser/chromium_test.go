// Package browser_test uses the account page as people do: in Chromium, with a mouse, a keyboard and several tabs.
//
// Pictures of the main states are kept by go test -artifacts.
package browser_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := quit(); err != nil {
		fmt.Fprintln(os.Stderr, "ending Chromium:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// elsewhere is a name that Chromium takes for another machine's, whose plain http it does not trust.
const elsewhere = "latchkey.test"

// quit ends Chromium, where one was started.
var quit = func() error { return nil }

// chromium is one Chromium for all tests. What each of them does in it, the others never see.
func chromium(t *testing.T) context.Context {
	t.Helper()
	program, err := installed()
	if err != nil {
		if required := os.Getenv("LATCHKEY_TEST_REQUIRE"); required != "" {
			t.Fatalf("LATCHKEY_TEST_REQUIRE is %q: %v", required, err)
		}
		t.Skip(err)
	}
	ctx, err := started(program)
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// installed is the Chromium that this machine has.
func installed() (program string, err error) {
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	for _, name := range names {
		if program, err = exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", fmt.Errorf("none of %v is on the PATH", names)
}

// attempts is how often Chromium is started before a test fails: beside many other programs, it dies right after its
// start now and then.
const attempts = 3

var browser context.Context // nil until one is asked for

// started is the Chromium that runs, with a profile of its own that goes with it.
func started(program string) (_ context.Context, err error) {
	for range attempts {
		if browser == nil {
			if browser, err = start(program); err != nil {
				return nil, err
			}
		}
		if _, err = chromedp.Targets(browser); err == nil {
			return browser, nil
		}
		_ = quit() // which fails, since it has died
		browser = nil
	}
	return nil, fmt.Errorf("Chromium died after %d starts: %w", attempts, err)
}

func start(program string) (context.Context, error) {
	allocator, release := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(program),
		chromedp.NoFirstRun,
		chromedp.Headless,
		chromedp.NoSandbox, // as root, which CI is, it starts in no other way; it sees our own pages alone
		chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("host-resolver-rules", "MAP "+elsewhere+" 127.0.0.1"),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	// What a newer Chromium says in events that this library does not know is no matter of these tests.
	ctx, _ := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	quit = func() error {
		defer release()
		return chromedp.Cancel(ctx)
	}
	if err := chromedp.Run(ctx); err != nil {
		return nil, fmt.Errorf("start Chromium: %w", err)
	}
	return ctx, nil
}
