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

// answerTimeout is how long anybody waits for an answer where a store gives none. Latchkey waits two seconds, by default;
// the rest is for the machine that runs the tests.
const answerTimeout = 6 * time.Second

func TestMain(m *testing.M) { engines.Main(m) }

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, own := range map[string]func(testing.TB) *engines.Own{"redis": engines.OwnRedis, "mongodb": engines.OwnMongo} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := own(t)
			for _, f := range append([]fault{killed, stopped, cut}, onTheWay...) {
				t.Run(f.name, func(t *testing.T) {
					l := openLink(t, e.Addr())
					url := e.URL(l.addr)
					f.endure(t, e, l, stores{url, url})
				})
			}
		})
	}
}

// TestOneOfTwoEnginesFails has each of two engines fail while the other is well.
func TestOneOfTwoEnginesFails(t *testing.T) {
	t.Parallel()
	users, sessions := engines.OwnMongo(t), engines.OwnRedis(t)
	for _, f := range []fault{killed, stopped} {
		both := func() stores { return stores{users.URL(users.Addr()), sessions.URL(sessions.Addr())} }
		f.refuses-- // signing out needs no user, and registering no session
		t.Run("users: "+f.name, func(t *testing.T) { f.endure(t, users, nil, both()) })
		f.spares = "register"
		t.Run("sessions: "+f.name, func(t *testing.T) { f.endure(t, sessions, nil, both()) })
	}
}

func TestOneOfAClusterFails(t *testing.T) {
	t.Parallel()
	e := engines.OwnRedisCluster(t)
	url := e.URL("")
	for _, f := range []fault{killed, stopped} {
		t.Run(f.name, func(t *testing.T) { f.endure(t, e, nil, stores{url, url}) })
	}
}

// TestFailover has a replica take over from a primary that is dead for good.
func TestFailover(t *testing.T) {
	t.Parallel()
	s := engines.OwnRedisSentinel(t)
	s.Sync()
	f := fault{
		strike:  func(*testing.T, *engines.Own, *link) { s.Kill() },
		pass:    func(*testing.T, *engines.Own, *link) { s.Failover() },
		refuses: len(actions),
	}
	f.endure(t, nil, nil, stores{s.URL(), s.URL()})
}

// stores is where users and sessions are kept.
type stores struct{ users, sessions string }

// endure has Latchkey in use before the fault, while it lasts and when it has passed.
func (f fault) endure(t *testing.T, e *engines.Own, l *link, kept stores) {
	wait := answerTimeout
	if f.flickers {
		wait *= 3 // a request asks its stores several times, and each time they may come close to the two seconds
	}
	s := open(t, kept, wait)
	load := startLoad(t, s)
	load.untilDone()

	f.strike(t, e, l)
	pass := sync.OnceFunc(func() { f.pass(t, e, l) }) // also when the test fails: others use the engine too
	defer pass()
	load.untilUnavailable(f.refuses)
	if !f.flickers {
		s.expectReady(t, http.StatusServiceUnavailable)
	}
	s.expectHealth(t)
	if f.spares != "" {
		load.untilDone(f.spares)
	}

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

// open starts a Latchkey, of which every answer comes in time.
func open(t *testing.T, kept stores, inTime time.Duration) service {
	t.Helper()
	w := world.Open(t, map[string]string{"USER_STORE": kept.users, "TOKEN_STORE": kept.sessions, "THROTTLE": "off"})
	client := &http.Client{Transport: watch{t, w.Client.Transport}, Timeout: inTime}
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
