package contract_test

import (
	"net/http"
	"strings"
	"testing"
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
