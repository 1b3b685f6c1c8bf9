package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// newFrontEnd is a service, and a tab with a front end that stands on another origin and has imported latchkey.js from it.
func newFrontEnd(t *testing.T, options string) (*house, *tab) {
	t.Helper()
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!doctype html><title>Shop</title><link rel="icon" href="data:,"><p>Shop</p>`)
	}))
	t.Cleanup(shop.Close)
	h := newHouse(t, map[string]string{"CLIENT_URL": local(shop.URL)})
	h.ada(t)
	p := newTab(t, h)
	p.expects(unknown)
	p.url = local(shop.URL)
	p.opens(local(h.URL), options)
	return h, p
}

// local is the same address by a name: two ports of localhost are one site, which shares cookies, and two origins.
func local(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }

// opens opens the front end, which imports latchkey.js.
func (p *tab) opens(service, options string) {
	p.t.Helper()
	p.visit("/")
	p.evaluate("import latchkey.js", fmt.Sprintf(`import(%s).then(({ Latchkey }) => {
		globalThis.latchkey = new Latchkey(%s)
		latchkey.onChange(({ user }) => { document.title = user?.email ?? 'nobody' })
	})`, quote(service+"/latchkey.js"), options), nil)
}

// logsIn signs Ada in by latchkey.js.
func (p *tab) logsIn() {
	p.t.Helper()
	p.evaluate("log in", fmt.Sprintf(`latchkey.login({ email: 'ada@example.org', password: %s })`, quote(password)), nil)
}

// isAda wants latchkey.js to fetch what is Ada's.
func (p *tab) isAda() {
	p.t.Helper()
	var email string
	p.evaluate("fetch", `latchkey.fetch('/api/v1/users/me').then((res) => res.json()).then(({ data }) => data?.email ?? 'nobody')`, &email)
	if email != "ada@example.org" {
		p.t.Errorf("fetched as %s", email)
	}
}

func TestAFrontEndOnAnotherOriginStaysSignedInByCookies(t *testing.T) {
	h, shop := newFrontEnd(t, "")
	shop.logsIn()
	shop.isAda()
	h.Clock.Advance(accessTTL)
	shop.isAda()
}

func TestTheAccountPageKnowsWhoSignedInElsewhere(t *testing.T) {
	h, shop := newFrontEnd(t, "")
	shop.logsIn()
	account := shop.another()
	account.url = local(h.URL)
	account.visit("/")
	account.sees("Ada Lovelace")
}

func TestAFrontEndStaysSignedInByTokensInMemory(t *testing.T) {
	const memory = `{ tokens: 'memory' }`
	h, shop := newFrontEnd(t, memory)
	shop.logsIn()
	if shop.refreshToken() != "" {
		t.Error("there is a cookie")
	}
	h.Clock.Advance(accessTTL)
	shop.isAda()

	other := shop.another()
	other.opens(local(h.URL), memory)
	other.until("be told by the first tab", `document.title === 'ada@example.org'`)
	other.isAda()
	other.evaluate("log out", `latchkey.logout()`, nil)
	shop.until("be told by the second tab", `document.title === 'nobody'`)
}

func TestARequestThatIsRefusedIsRepeatedOnceAndGivenUp(t *testing.T) {
	h, shop := newFrontEnd(t, "")
	shop.logsIn()
	const me = "GET /api/v1/users/me"
	h.receive(me, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Access-Control-Allow-Origin", shop.url)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"statusCode":401,"success":false,"message":"No.","code":"token_expired","errors":[],"data":null}`)
	})
	before := h.count(me)
	var status int
	shop.evaluate("fetch", `latchkey.fetch('/api/v1/users/me').then((res) => res.status)`, &status)
	if asked := h.count(me) - before; status != http.StatusUnauthorized || asked != 2 {
		t.Errorf("answered %d after %d requests", status, asked)
	}
}
