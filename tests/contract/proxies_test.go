package contract_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestForwardedAddresses: the address of a client is the peer's own, unless that peer is a proxy that is trusted.
func TestForwardedAddresses(t *testing.T) {
	const none, loopback, many = "", "127.0.0.1", "127.0.0.0/8, 10.0.0.0/8, ::1"
	for _, c := range []struct {
		trusted string
		with    []option
		want    string
	}{
		{none, []option{header("X-Forwarded-For", "203.0.113.9")}, loopback},
		{none, []option{header("X-Real-IP", "203.0.113.9")}, loopback},
		{none, []option{header("Forwarded", "for=203.0.113.9")}, loopback},
		{"10.0.0.0/8", []option{header("X-Forwarded-For", "203.0.113.9")}, loopback},
		{loopback, nil, loopback},
		{loopback, []option{header("X-Forwarded-For", "203.0.113.9")}, "203.0.113.9"},
		{loopback, []option{header("X-Forwarded-For", "2001:db8::9")}, "2001:db8::9"},
		{loopback, []option{header("X-Real-IP", "203.0.113.9")}, loopback},
		{loopback, []option{header("X-Forwarded-For", "198.51.100.1, 203.0.113.9")}, "203.0.113.9"},
		{loopback, []option{header("X-Forwarded-For", "198.51.100.1"), header("X-Forwarded-For", "203.0.113.9")}, "203.0.113.9"},
		{loopback, []option{header("X-Forwarded-For", "rubbish")}, loopback},
		{loopback, []option{header("X-Forwarded-For", "203.0.113.9, 10.0.0.7")}, "10.0.0.7"},
		{many, []option{header("X-Forwarded-For", "198.51.100.1, 203.0.113.9, 10.0.0.7")}, "203.0.113.9"},
		{many, []option{header("X-Forwarded-For", "198.51.100.1, 203.0.113.9, ::ffff:10.0.0.7")}, "203.0.113.9"},
		{many, []option{header("X-Forwarded-For", "198.51.100.1, rubbish, 10.0.0.7")}, loopback},
		{many, []option{header("X-Forwarded-For", "203.0.113.9, , 10.0.0.7")}, loopback},
		{many, []option{header("X-Forwarded-For", "10.0.0.8, 10.0.0.7")}, "10.0.0.8"},
		{"127.0.0.1, 2001:db8:f::/48", []option{header("X-Forwarded-For", "203.0.113.9, 2001:db8:f::7")}, "203.0.113.9"},
		{"127.0.0.1, 2001:db8:f::/48", []option{header("X-Forwarded-For", "203.0.113.9, 2001:db8:e::7")}, "2001:db8:e::7"},
	} {
		s := open(t, map[string]string{"TRUSTED_PROXIES": c.trusted})
		in := s.signIn(t, s.register(t), append(c.with, header("User-Agent", "curl/8"))...)
		if got := s.sessions(t, in)[0]; got.IP != c.want || got.UserAgent != "curl/8" {
			t.Errorf("trusting %q, the client is %s with %s, want %s", c.trusted, got.IP, got.UserAgent, c.want)
		}
	}
}

// TestThrottlesCountByAddress: whoever claims another address is counted all the same, and behind a trusted proxy
// everybody by themselves.
func TestThrottlesCountByAddress(t *testing.T) {
	once := map[string]string{"REGISTRATIONS_PER_IP": "1/1h"}
	claim := func(s service, address string) answer {
		return s.send(t, "POST", "/register", asJSON(newcomer()), header("X-Forwarded-For", address))
	}
	direct := open(t, once)
	claim(direct, "203.0.113.1").expect(t, http.StatusCreated, "")
	claim(direct, "203.0.113.2").expect(t, http.StatusTooManyRequests, "too_many_attempts")
	proxied := open(t, once, map[string]string{"TRUSTED_PROXIES": "127.0.0.1"})
	for _, address := range []string{"203.0.113.1", "203.0.113.2"} {
		claim(proxied, address).expect(t, http.StatusCreated, "")
		claim(proxied, "198.51.100.7, "+address).expect(t, http.StatusTooManyRequests, "too_many_attempts")
	}
}

// TestGuessesCountByAddress: no claim of an untrusted peer gets it one guess more, at an account or in all.
func TestGuessesCountByAddress(t *testing.T) {
	for _, limit := range []string{"LOGIN_FAILURES_PER_ACCOUNT", "LOGIN_FAILURES_PER_IP"} {
		s := open(t, map[string]string{limit: "2/15m"})
		person := s.register(t)
		guess := func(address string) answer {
			return s.send(t, "POST", "/login", asJSON(person.but("password", "a guess")), header("X-Forwarded-For", address))
		}
		guess("203.0.113.1").expect(t, http.StatusUnauthorized, "invalid_credentials")
		guess("203.0.113.2").expect(t, http.StatusUnauthorized, "invalid_credentials")
		guess("203.0.113.3").expect(t, http.StatusTooManyRequests, "too_many_attempts")
	}
}

// TestThrottlesCountByNetwork: an IPv6 subscriber has one count, whatever addresses they choose, and an IPv4 address has
// one, however it is written.
func TestThrottlesCountByNetwork(t *testing.T) {
	s := open(t, map[string]string{"REGISTRATIONS_PER_IP": "1/1h", "TRUSTED_PROXIES": "127.0.0.1"})
	for _, network := range [][]string{
		{"2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:DB8:1:2:0:0:0:1"},
		{"2001:db8:1:3::1"},
		{"203.0.113.9", "::ffff:203.0.113.9", "::ffff:cb00:7109"},
		{"::ffff:203.0.113.10", "203.0.113.10"},
	} {
		for n, address := range network {
			a := s.send(t, "POST", "/register", asJSON(newcomer()), header("X-Forwarded-For", address))
			if want := []int{http.StatusCreated, http.StatusTooManyRequests}[min(n, 1)]; a.status != want {
				t.Errorf("%s is answered %d %s, want %d", address, a.status, a.Code, want)
			}
		}
	}
}

// unread is a body that nobody is to ask for.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was asked for")
	return 0, io.EOF
}

// TestNothingIsReadPastTheLimit: whoever has registered too often is told so before they may send anything.
func TestNothingIsReadPastTheLimit(t *testing.T) {
	s := open(t, map[string]string{"REGISTRATIONS_PER_IP": "1/1h"})
	patient := s.Client.Transport.(*http.Transport).Clone()
	patient.ExpectContinueTimeout = time.Hour // until the server asks for the body
	defer patient.CloseIdleConnections()
	s.Client = &http.Client{Transport: patient}
	s.register(t)
	s.send(t, "POST", "/register", header("Expect", "100-continue"), func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(unread{t}), 1<<20
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	}).expect(t, http.StatusTooManyRequests, "too_many_attempts")
}

// TestThrottlesCanBeTurnedOff, all three of them.
func TestThrottlesCanBeTurnedOff(t *testing.T) {
	s := open(t, map[string]string{"THROTTLE": "off", "REGISTRATIONS_PER_IP": "1/1h", "LOGIN_FAILURES_PER_IP": "1/1h", "LOGIN_FAILURES_PER_ACCOUNT": "1/1h"})
	for range 3 {
		s.guess(t, s.register(t)).expect(t, http.StatusUnauthorized, "invalid_credentials")
	}
}

// TestRetryAfterIsTrue: who waits as long as told is served, and who waits a second less is not.
func TestRetryAfterIsTrue(t *testing.T) {
	s := open(t, map[string]string{"REGISTRATIONS_PER_IP": "1/1h"})
	s.register(t)
	a := s.send(t, "POST", "/register", asJSON(newcomer())).expect(t, http.StatusTooManyRequests, "too_many_attempts")
	if got := a.header.Get("Retry-After"); got != "3600" {
		t.Fatalf("Retry-After is %s", got)
	}
	s.Clock.Advance(3599e9)
	a = s.send(t, "POST", "/register", asJSON(newcomer())).expect(t, http.StatusTooManyRequests, "too_many_attempts")
	if got := a.header.Get("Retry-After"); got != "1" {
		t.Fatalf("Retry-After is %s", got)
	}
	s.Clock.Advance(1e9)
	s.register(t)
}

// TestRequestIDs: a sane one is the client's own, any other is made anew.
func TestRequestIDs(t *testing.T) {
	s := open(t)
	for _, sane := range []string{"a", "3f2c-1_~!", strings.Repeat("x", 128)} {
		if got := s.send(t, "GET", "/me", header("X-Request-ID", sane)).header.Get("X-Request-ID"); got != sane {
			t.Errorf("%q comes back as %q", sane, got)
		}
		if lines := s.Log.Lines(t, "request", sane); len(lines) != 1 || lines[0]["route"] != api+"/me" || lines[0]["method"] != "GET" ||
			lines[0]["status"] != 401.0 || lines[0]["duration"] == nil {
			t.Errorf("the log has %v", lines)
		}
	}
	seen := map[string]bool{}
	for _, odd := range []string{"", "two words", "a\tb", "ünï", strings.Repeat("x", 129)} {
		got := s.send(t, "GET", "/me", header("X-Request-ID", odd)).header.Get("X-Request-ID")
		if got == odd || seen[got] || len(got) < 16 {
			t.Errorf("%q comes back as %q", odd, got)
		}
		seen[got] = true
	}
}
