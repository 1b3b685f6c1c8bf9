package attack_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestHTTPPaths: paths that a proxy, or a router, reads otherwise than they are written. Lost would be a route that was to
// be closed, a file of the host's, or a visitor who is led to another host.
func TestHTTPPaths(t *testing.T) {
	h := httpOpen(t)
	for _, path := range []string{
		"//evil.example", "//evil.example/%2e%2e", "/\\evil.example", "///evil.example//", "/%5cevil.example", "/https://evil.example", "/%0d%0aLocation:%20https://evil.example",
		httpUsers + "/me/", httpUsers + "//me", "/api//v1/users/me", httpUsers + "/./me", httpUsers + "/x/../me", httpUsers + "/login/../me", "/../api/v1/users/me",
		httpUsers + "/ME", "/API/v1/users/me", httpUsers + "/me;x=y", httpUsers + "/login/..;/me", httpUsers + "/me%00", httpUsers + "/me%20", httpUsers + "/me.json", httpUsers + "/%2e/me",
		httpUsers + "/login/%2e%2e/me", httpUsers + "%2fme", httpUsers + "/%6d%65", httpUsers + "/m%65", "/%61pi/v1/users/me", httpUsers + "/%6de/", httpUsers + "/me%2f", httpUsers + "/me%3f", httpUsers + "/me%23", httpUsers + "/*", httpUsers + "/:id",
		"/images/../latchkey.db", "/images/%2e%2e/latchkey.db", "/images/..%2flatchkey.db", "/images/%2e%2e%2flatchkey.db", "/images/..%5clatchkey.db", "/images/....//latchkey.db",
		"/images/%252e%252e%252flatchkey.db", "/images/", "/images", "/images/.", "/images/..", "/images/%2fetc%2fpasswd", "/images/x%00.png", "/images//etc/passwd",
		"/assets/", "/assets/../index.html", "/assets/..%2findex.html", "/docs/", "/docs/../openapi.json", "/static/index.html", "/index.html",
		"/.env", "/data/latchkey.db", "/keys", "/.git/config", "/metrics", "/debug/pprof/", "/debug/vars", "/.well-known/", "/.well-known/jwks.json/", "/.well-known/../keys",
		"/%", "/%zz", "/%c0%ae%c0%ae/", "/%uff0e", "/" + strings.Repeat("a/", 8000), "/?" + strings.Repeat("a=b&", 4000),
	} {
		for _, answer := range h.raw(t, fmt.Sprintf("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path)) {
			if answer.status == 200 && path[:2] == "/?" {
				continue // the page, whatever was asked of it
			}
			if answer.status != 404 && answer.status != 400 {
				t.Errorf("%.80s answers %d %.200s", path, answer.status, answer.body)
			}
		}
	}
	h.unharmed(t)
}

// TestHTTPHosts: what a client says it calls the service. Lost would be whoever follows an address that the service
// writes, or trusts a token that names another issuer.
func TestHTTPHosts(t *testing.T) {
	h := httpOpen(t, httpDeployed)
	h.send(t, "PATCH", httpUsers+"/me/avatar", httpFile("avatar", "a.png", httpPNG(4, 4)), httpBearer(h.alice.access)).expect(t, 200, "")
	for name, with := range map[string][]httpOption{
		"Host":              {httpHost("evil.example")},
		"Host with a port":  {httpHost("auth.example.org:1337")},
		"X-Forwarded-Host":  {httpHeader("X-Forwarded-Host", "evil.example"), httpHeader("X-Forwarded-Proto", "http"), httpHeader("X-Forwarded-Port", "1337")},
		"Forwarded":         {httpHeader("Forwarded", "for=evil.example;host=evil.example;proto=http")},
		"other headers":     {httpHeader("X-Host", "evil.example"), httpHeader("X-Forwarded-Server", "evil.example"), httpHeader("X-Http-Host-Override", "evil.example"), httpHeader("X-Forwarded-Prefix", "/evil.example")},
		"another path":      {httpHeader("X-Original-Url", "https://evil.example/"), httpHeader("X-Rewrite-Url", "/evil.example")},
		"Referer":           {httpHeader("Referer", "https://evil.example/")},
		"a proxy's address": {httpHeader("X-Forwarded-For", "evil.example"), httpHeader("X-Real-Ip", "evil.example"), httpHeader("True-Client-Ip", "evil.example")},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []struct {
				method, path string
				with         httpOption
			}{
				{"GET", httpUsers + "/me", httpBearer(h.alice.access)},
				{"GET", httpUsers + "/sessions", httpBearer(h.alice.access)},
				{"POST", httpUsers + "/login", httpJSON("email", h.alice.Email, "password", httpPassword)},
				{"GET", "/", httpHeader("Accept", "*/*")},
				{"GET", "/nothing", httpHeader("Accept", "*/*")},
				{"GET", "/openapi.json", httpHeader("Accept", "*/*")},
			} {
				a := h.send(t, r.method, r.path, append(with, r.with)...)
				if strings.Contains(fmt.Sprint(a.header)+string(a.body), "evil.example") || strings.Contains(fmt.Sprint(a.header)+string(a.body), "1337") {
					t.Errorf("%s %s: %v %s", r.method, r.path, a.header, a.body)
				}
				if r.path == httpUsers+"/me" && !strings.Contains(string(a.body), `"avatar":"https://auth.example.org/images/`) {
					t.Errorf("the picture is elsewhere: %s", a.body)
				}
			}
			h.attack(t, "GET", "/nothing", with...).expect(t, 404, "not_found")
		})
	}
	for name, request := range map[string]string{
		"two hosts":            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"no host":              "GET / HTTP/1.1\r\n\r\n",
		"a host with a path":   "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
		"a host with userinfo": "GET / HTTP/1.1\r\nHost: a@b c\r\n\r\n",
		"a host of controls":   "GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
	} {
		for _, a := range h.raw(t, request) {
			if a.status != 400 {
				t.Errorf("%s answers %d", name, a.status)
			}
		}
	}
	for _, a := range h.raw(t, "GET http://evil.example"+httpUsers+"/me HTTP/1.1\r\nHost: auth.example.org\r\nConnection: close\r\n\r\n") {
		a.expect(t, 401, "token_missing")
	}
}

// TestHTTPMethods: a method that is said otherwise than by the method. Lost would be what a proxy lets through as a
// reading, or as a form.
func TestHTTPMethods(t *testing.T) {
	h := httpOpen(t)
	mine := httpBearer(h.alice.access)
	for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		h.send(t, "GET", httpUsers+"/me", mine, httpHeader(name, "DELETE")).expect(t, 200, "")
		h.attack(t, "POST", httpUsers+"/me", mine, httpHeader(name, "DELETE"), httpJSON("password", httpPassword)).expect(t, 405, "method_not_allowed")
		h.attack(t, "POST", httpUsers+"/sessions?keep=none", mine, httpHeader(name, "DELETE")).expect(t, 405, "method_not_allowed")
	}
	for _, with := range []httpOption{httpForm("_method", "DELETE", "password", httpPassword), httpJSON("_method", "DELETE", "password", httpPassword)} {
		h.attack(t, "POST", httpUsers+"/me?_method=DELETE", mine, with).expect(t, 405, "method_not_allowed")
	}
	h.send(t, "GET", httpUsers+"/me?_method=DELETE", mine).expect(t, 200, "")
	for _, method := range []string{"TRACE", "TRACK", "PROPFIND", "DEBUG", "delete", "get", "PURGE", strings.Repeat("X", 4096)} {
		a := h.attack(t, method, httpUsers+"/me", mine).expect(t, 405, "method_not_allowed")
		if strings.Contains(string(a.body), h.alice.access) {
			t.Errorf("%s echoes the request", method)
		}
	}
	for _, request := range []string{
		"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n",
		"CONNECT " + httpUsers + "/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	} {
		answers := h.raw(t, request)
		for _, a := range answers {
			if a.status != 404 && a.status != 405 && a.status != 400 || a.header.Get("X-Request-Id") == "" && a.status != 400 {
				t.Errorf("%.40q answers %d %v", request, a.status, a.header)
			}
		}
	}
	h.unharmed(t)
}
