package browser_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

func TestAThiefWhoWasFasterIsThrownOutAndTheOwnerToldWhy(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	ada := newTab(t, h)
	ada.expects(unknown)
	ada.signIn()
	thief := h.from("thief/1.0")
	first, err := thief.Refresh(t.Context(), ada.refreshToken())
	must(t, err)
	second, err := thief.Refresh(t.Context(), first.RefreshToken)
	must(t, err)

	h.Clock.Advance(accessTTL)
	ada.comesBack()
	ada.sees("You were signed out for your safety")
	ada.sees("Somebody may have copied this browser’s key")
	ada.sees("change your password if one of them is not yours")
	if _, err := thief.Refresh(t.Context(), second.RefreshToken); err == nil {
		t.Error("the thief is still in")
	}

	ada.signInHere()
	ada.sees("Ended for your safety")
}

func TestAThiefWhoComesLaterEndsTheSessionAndTheOwnerIsToldWhy(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	ada := newTab(t, h)
	ada.expects(unknown)
	ada.signIn()
	stolen := ada.refreshToken()
	h.Clock.Advance(accessTTL)
	ada.comesBack() // and trades the token that was stolen for a newer one
	ada.sees("This device")
	h.Clock.Advance(accessTTL)
	if _, err := h.from("thief/1.0").Refresh(t.Context(), stolen); err == nil {
		t.Fatal("the thief is in")
	}
	ada.comesBack()
	ada.sees("was used a second time, as happens when somebody has copied it")
	ada.signInHere()
	ada.sees("Ended for your safety")
}

// refreshToken is what somebody gets who copies the browser's cookies.
func (p *tab) refreshToken() (token string) {
	p.t.Helper()
	p.do("copy the cookies", chromedp.ActionFunc(func(ctx context.Context) error {
		cookies, err := network.GetCookies().WithURLs([]string{p.url + "/api/v1/users/refresh-token"}).Do(ctx)
		for _, each := range cookies {
			if each.Name == "refreshToken" {
				token = each.Value
			}
		}
		return err
	}))
	return token
}
