// Package faults_test has engines fail, and the way to them, while Latchkey is in use: meanwhile it says so, afterwards it
// works again by itself, and whatever it told anybody is true.
package faults_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

const (
	// storeTimeout is how long Latchkey gives a store.
	storeTimeout = "1s"
	// answerTimeout is how long anybody waits for an answer. Where a write was not answered in time, Latchkey tries to
	// take it back, which takes as long again or twice; the rest is for the machine that runs the tests.
	answerTimeout = 6 * time.Second
)

func TestMain(m *testing.M) { engines.Main(m) }

func TestFaults(t *testing.T) {
	for name, own := range map[string]func(testing.TB) *engines.Own{"redis": engines.OwnRedis, "mongodb": engines.OwnMongo} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := own(t)
			for _, f := range faults {
				t.Run(f.name, func(t *testing.T) { f.endure(t, e) })
			}
		})
	}
}

// endure has Latchkey in use before the fault, while it lasts and when it has passed.
func (f fault) endure(t *testing.T, e *engines.Own) {
	l := openLink(t, e.Addr())
	s := open(t, e.URL(l.addr))
	load := startLoad(t, s)
	load.untilDone()

	f.strike(t, e, l)
	pass := sync.OnceFunc(func() { f.pass(t, e, l) }) // also when the test fails: others use the engine too
	defer pass()
	load.untilUnavailable(f.refuses)
	if f.refuses == len(actions) {
		s.expectReady(t, http.StatusServiceUnavailable)
	}
	s.expectHealth(t)

	pass()
	s.expectReady(t, http.StatusOK)
	load.untilDone()
	load.stop()
	for _, c := range load.clients {
		c.check(t)
	}
}

// service is a Latchkey that runs, and whose every answer is looked at.

type service struct {
	scenario.Service
	client *http.Client
	url    string
}

// open starts a Latchkey that keeps all it has in one engine.
func open(t *testing.T, engine string) service {
	t.Helper()
	w := world.Open(t, map[string]string{"USER_STORE": engine, "TOKEN_STORE": engine, "THROTTLE": "off", "REQUEST_TIMEOUT": storeTimeout})
	client := &http.Client{Transport: watch{t, w.Client.Transport}, Timeout: answerTimeout}
	return service{scenario.HTTP(client, w.URL), client, w.URL}
}

func (s service) expectHealth(t *testing.T) {
	t.Helper()
	if status := s.status(t, "/healthz"); status != http.StatusOK {
		t.Errorf("the process is up, and /healthz answers %d", status)
	}
}

func (s service) expectReady(t *testing.T, status int) {
	t.Helper()
	eventually(t, "/readyz answers "+http.StatusText(status), func() bool { return s.status(t, "/readyz") == status })
}

func (s service) status(t *testing.T, path string) int {
	t.Helper()
	answer, err := s.client.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	return answer.StatusCode
}

// watch looks at the answers that pass: where the service cannot answer, each says when to ask again, and none of them
// is a bug's.
type watch struct {
	t  *testing.T
	to http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (w watch) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := w.to.RoundTrip(r)
	switch {
	case err != nil:
	case answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") == "":
		w.t.Errorf("%s %s: 503 without Retry-After", r.Method, r.URL.Path)
	case answer.StatusCode >= 500 && answer.StatusCode != http.StatusServiceUnavailable:
		w.t.Errorf("%s %s: %s", r.Method, r.URL.Path, answer.Status)
	}
	return answer, err
}
