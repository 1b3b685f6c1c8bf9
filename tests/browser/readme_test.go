package browser_test

import (
	"bytes"
	"context"
	"flag"
	"image/png"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// account is the picture of the account page that the README shows.
const account = "../../adapters/web/account-page.png"

var renew = flag.Bool("picture", false, "renew the picture of the account page that the README shows")

func TestThePictureInTheREADMEIsWideAndSmall(t *testing.T) {
	if *renew {
		must(t, os.WriteFile(account, small(t, takePortrait(t)), 0o644))
	}
	picture, err := os.ReadFile(account)
	must(t, err)
	size, err := png.DecodeConfig(bytes.NewReader(picture))
	must(t, err)
	if size.Width != wide || len(picture) >= 150<<10 {
		t.Errorf("the picture is %d pixels wide and has %d bytes", size.Width, len(picture))
	}
}

// takePortrait is a picture of the page with an account that has seen some days.
func takePortrait(t *testing.T) []byte {
	h := newHouse(t)
	h.Clock.Advance(-9 * 24 * time.Hour)
	h.ada(t)
	h.signsInFrom(t, laptop)
	h.Clock.Advance(6 * 24 * time.Hour)
	h.signsInFrom(t, phone)
	h.Clock.Advance(3 * 24 * time.Hour)
	p := newTab(t, h)
	p.signIn()
	p.choose("Change your photo", face(t))
	p.sees("Picture changed.")
	// A typeface such as most systems have, and no room for a scroll bar that is not there.
	p.evaluate("dress", `document.body.style.fontFamily = 'Liberation Sans', document.documentElement.style.scrollbarGutter = 'auto'`, nil)
	p.evaluate("wipe", `document.querySelector('#said').remove()`, nil)
	var height float64
	p.evaluate("measure", `document.querySelector('[aria-labelledby="devices-title"]').getBoundingClientRect().bottom + scrollY`, &height)
	return p.clip(height)
}

// small is the same picture with fewer bytes.
func small(t *testing.T, picture []byte) []byte {
	t.Helper()
	pixels, err := png.Decode(bytes.NewReader(picture))
	must(t, err)
	var smaller bytes.Buffer
	must(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&smaller, pixels))
	return smaller.Bytes()
}

// picture is the whole page as a PNG, or what is in sight while a dialog is open.
func (p *tab) picture() (png []byte) {
	p.t.Helper()
	var height float64
	p.evaluate("measure", `document.querySelector('dialog[open]') ? 0 : document.documentElement.scrollHeight`, &height)
	if height > 0 {
		return p.clip(height)
	}
	p.do("take a picture", page.BringToFront(), chromedp.CaptureScreenshot(&png))
	return png
}

// clip is the upper part of the page as a PNG.
func (p *tab) clip(height float64) (png []byte) {
	p.t.Helper()
	p.do("take a picture", page.BringToFront(), chromedp.ActionFunc(func(ctx context.Context) (err error) {
		var width int64
		if err := chromedp.Evaluate(`innerWidth`, &width).Do(ctx); err != nil {
			return err
		}
		png, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).WithFromSurface(true).
			WithClip(&page.Viewport{Width: float64(width), Height: height, Scale: 1}).Do(ctx)
		return err
	}))
	return png
}
