package browser_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

const (
	refresh   = "POST /api/v1/users/refresh-token"
	accessTTL = 15 * time.Minute // the default
)

func TestFiveTabsThatComeBackAtOnceRefreshOnceAndStaySignedIn(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	tabs := fiveTabs(t, h)
	h.Clock.Advance(accessTTL)
	before := h.count(refresh)
	release := h.hold(t, refresh)
	for _, each := range tabs {
		each.expects(unknown)
		each.comesBack()
	}
	tabs[0].until(oneOfFive())
	if n := h.count(refresh) - before; n != 1 {
		t.Errorf("%d tabs refresh at once, want one", n)
	}
	release()
	for _, each := range tabs {
		each.sees("This device")
	}
}

func TestFiveTabsThatAreRestoredAtOnceStaySignedIn(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	tabs := fiveTabs(t, h)
	h.Clock.Advance(accessTTL)
	release := h.hold(t, refresh)
	for _, each := range tabs {
		each.visit("/")
	}
	tabs[0].until(oneOfFive())
	release()
	for _, each := range tabs {
		each.sees("This device")
	}
}

func TestATabWhoseRefreshIsNotAnsweredForNowAsksAgain(t *testing.T) {
	testLostAnswers(t, func(w http.ResponseWriter, _ *httptest.ResponseRecorder) {
		w.WriteHeader(http.StatusServiceUnavailable)
	})
}

func TestATabWhoseRefreshIsNeverAnsweredAsksAgain(t *testing.T) {
	testLostAnswers(t, func(w http.ResponseWriter, _ *httptest.ResponseRecorder) { hangUp(w) })
}

func TestATabWhoseRefreshIsCutOffInTheMiddleAsksAgain(t *testing.T) {
	testLostAnswers(t, func(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()[:20])
		hangUp(w)
	})
}

// testLostAnswers has a tab come back to a service that refreshes, and whose answers get lost twice.
func testLostAnswers(t *testing.T, lose func(w http.ResponseWriter, answer *httptest.ResponseRecorder)) {
	h := newHouse(t)
	h.ada(t)
	p := newTab(t, h)
	p.expects(unknown, unavailable, cut)
	p.signIn()
	h.Clock.Advance(accessTTL)
	var lost atomic.Int64
	h.receive(refresh, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if lost.Add(1) > 2 {
			next.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		lose(w, answer)
	})
	p.comesBack()
	p.sees("This device")
	if n := lost.Load(); n < 3 {
		t.Errorf("the tab asked %d times, and two answers were lost", n)
	}
}

func TestASignOutInOneTabReachesTheOthers(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	tabs := fiveTabs(t, h)
	tabs[2].click("Sign out")
	for _, each := range tabs {
		each.sees("Welcome back")
		each.seesNo("Ada Lovelace")
	}
}

func TestASignInInOneTabReachesTheOthers(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	one := newTab(t, h)
	other := one.another()
	other.visit("/")
	other.sees("Welcome back")
	one.signIn()
	other.sees("Ada Lovelace")
}

// oneOfFive is that one tab refreshes, and that four others wait for it.
func oneOfFive() (what, expression string) {
	return "have four tabs wait for one", `navigator.locks.query().then(({ held, pending }) => held.length === 1 && pending.length === 4)`
}

// fiveTabs is five tabs of one browser, in which Ada is signed in.
func fiveTabs(t *testing.T, h *house) (tabs []*tab) {
	t.Helper()
	first := newTab(t, h)
	first.signIn()
	tabs = append(tabs, first)
	for len(tabs) < 5 {
		next := first.another()
		next.visit("/")
		next.sees("This device")
		tabs = append(tabs, next)
	}
	return tabs
}
