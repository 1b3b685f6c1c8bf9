package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

const password = "correct horse battery"

// house is a service that runs, with a porter who can keep requests waiting or spoil their answers.
type house struct {
	*world.World
	URL string

	mu     sync.Mutex
	porter func(w http.ResponseWriter, r *http.Request, next http.Handler)
	asked  []string
}

// newHouse starts a service. It ends with the test.
func newHouse(t *testing.T, settings ...map[string]string) *house {
	t.Helper()
	chromium(t) // so that the test is skipped before it has done anything
	h := &house{World: world.Open(t, append(settings, map[string]string{"THROTTLE": "off"})...)}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.URL = server.URL
	return h
}

// ServeHTTP notes the request and has the porter see to it.
func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.asked = append(h.asked, r.Method+" "+r.URL.Path)
	porter := h.porter
	h.mu.Unlock()
	if porter == nil {
		h.Handler.ServeHTTP(w, r)
		return
	}
	porter(w, r, h.Handler)
}

// count is how often a route was asked for.
func (h *house) count(route string) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, asked := range h.asked {
		if asked == route {
			n++
		}
	}
	return n
}

// receive has the porter see to all requests of a route from now on, until the function that it returns is called.
func (h *house) receive(route string, porter func(w http.ResponseWriter, r *http.Request, next http.Handler)) (dismiss func()) {
	set := func(p func(http.ResponseWriter, *http.Request, http.Handler)) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.porter = p
	}
	set(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method+" "+r.URL.Path == route {
			porter(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
	return func() { set(nil) }
}

// hold keeps the requests of a route waiting until the function that it returns is called.
func (h *house) hold(t *testing.T, route string) (release func()) {
	held := make(chan struct{})
	dismiss := h.receive(route, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		<-held
		next.ServeHTTP(w, r)
	})
	release = sync.OnceFunc(func() {
		dismiss()
		close(held)
	})
	t.Cleanup(release)
	return release
}

// failing answers 503 to all requests of a route until the function that it returns is called.
func (h *house) failing(route string) (mend func()) {
	return h.receive(route, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, `{"statusCode":503,"success":false,"message":"The service is not available.","code":"unavailable","errors":[],"data":null}`)
	})
}

// cutting hangs up on all requests of a route until the function that it returns is called.
func (h *house) cutting(route string) (mend func()) {
	return h.receive(route, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { hangUp(w) })
}

// hangUp closes the connection, whatever was answered on it.
func hangUp(w http.ResponseWriter) {
	rc := http.NewResponseController(w)
	_ = rc.Flush()
	if conn, _, err := rc.Hijack(); err == nil {
		_ = conn.Close()
	}
}

// ada registers somebody.
func (h *house) ada(t *testing.T) scenario.User {
	t.Helper()
	user, err := h.from("").Register(t.Context(), scenario.Registration{
		Username: "ada", Fullname: "Ada Lovelace", Email: "ada@example.org", Password: password,
	})
	must(t, err)
	return user
}

// from is the service as it is used from another device, by its User-Agent.
func (h *house) from(device string) scenario.Service {
	return scenario.HTTP(&http.Client{Transport: agent(device)}, h.URL)
}

// signsInFrom signs Ada in on another device.
func (h *house) signsInFrom(t *testing.T, device string) scenario.SignedIn {
	t.Helper()
	in, err := h.from(device).Login(t.Context(), scenario.Credentials{Email: "ada@example.org", Password: password})
	must(t, err)
	return in
}

// isOver wants a session to be over.
func (h *house) isOver(t *testing.T, in scenario.SignedIn) {
	t.Helper()
	if _, err := h.from("").Me(t.Context(), in.AccessToken); err == nil {
		t.Error("the session is not over")
	}
}

// isAlive wants a session not to be over.
func (h *house) isAlive(t *testing.T, in scenario.SignedIn) {
	t.Helper()
	if _, err := h.from("").Me(t.Context(), in.AccessToken); err != nil {
		t.Errorf("the session is over: %v", err)
	}
}

// agent sends a User-Agent.
type agent string

// RoundTrip implements http.RoundTripper.
func (a agent) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", string(a))
	return http.DefaultTransport.RoundTrip(r)
}

// User-Agents of other devices.
const (
	phone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	laptop = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(strings.TrimSpace(err.Error()))
	}
}
