package attack_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// httpPolicy is a Content-Security-Policy, by its directives.
func httpPolicy(a httpAnswer) map[string][]string {
	policy := map[string][]string{}
	for directive := range strings.SplitSeq(a.header.Get("Content-Security-Policy"), ";") {
		if words := strings.Fields(directive); len(words) > 0 {
			policy[words[0]] = words[1:]
		}
	}
	return policy
}

// TestHTTPScripts: script that comes to stand in a page, by whatever hole there may be. Lost would be every account whose
// owner opens it: so nothing runs that is not a file of the service's own, and no page needs anything else.
func TestHTTPScripts(t *testing.T) {
	h := httpOpen(t)
	for _, path := range []string{"/", "/docs"} {
		a := h.send(t, "GET", path).expect(t, 200, "")
		policy := httpPolicy(a)
		for name, want := range map[string]string{
			"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "base-uri": "'none'",
			"frame-ancestors": "'none'", "form-action": "'self'", "object-src": "", "script-src-elem": "", "script-src-attr": "", "style-src-attr": "", "frame-src": "",
		} {
			if got := strings.Join(policy[name], " "); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		for name, sources := range policy {
			if slices.ContainsFunc(sources, func(s string) bool { return strings.HasPrefix(s, "'unsafe") || s == "*" || s == "http:" }) {
				t.Errorf("%s: %s allows %v", path, name, sources)
			}
		}
		page, err := html.Parse(bytes.NewReader(a.body))
		httpMust(t, err)
		for node := range page.Descendants() {
			httpNothingInline(t, path, node)
		}
	}
}

// httpNothingInline checks that an element has no script or style in it, and loads neither from elsewhere.
func httpNothingInline(t *testing.T, path string, node *html.Node) {
	t.Helper()
	if node.Type != html.ElementNode {
		return
	}
	source := ""
	for _, attr := range node.Attr {
		value := strings.ToLower(strings.TrimSpace(attr.Val))
		switch {
		case strings.HasPrefix(attr.Key, "on"), attr.Key == "style", attr.Key == "srcdoc", strings.HasPrefix(value, "javascript:"), strings.HasPrefix(value, "data:"):
			t.Errorf("%s: <%s %s=%q>", path, node.Data, attr.Key, attr.Val)
		case attr.Key == "src" || attr.Key == "href" && node.Data == "link":
			source = value
			if !strings.HasPrefix(value, "/") || strings.HasPrefix(value, "//") {
				t.Errorf("%s: <%s> loads %s", path, node.Data, attr.Val)
			}
		}
	}
	switch node.Data {
	case "style", "iframe", "object", "embed", "base", "applet":
		t.Errorf("%s has <%s>", path, node.Data)
	case "script":
		if source == "" || node.FirstChild != nil {
			t.Errorf("%s has script of its own", path)
		}
	}
}

// The policies of what is no page.
const (
	httpNoPage  = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	httpPicture = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
)

// TestHTTPEveryAnswerIsProtected, whoever gives it and however it refuses. Lost would be what browsers do with answers
// that do not say what they are: run them, frame them, keep them, or tell others where they came from.
func TestHTTPEveryAnswerIsProtected(t *testing.T) {
	h := httpOpen(t, map[string]string{"CLIENT_URL": httpFrontEnd})
	picture := h.send(t, "PATCH", httpUsers+"/me/avatar", httpFile("avatar", "a.png", httpPNG(4, 4)), httpBearer(h.alice.access)).expect(t, 200, "")
	var user struct{ Avatar string }
	picture.data(t, &user)
	_, name, _ := strings.Cut(user.Avatar, "/images/")
	preflight := func(r *http.Request) {
		r.Header.Set("Origin", httpFrontEnd)
		r.Header.Set("Access-Control-Request-Method", "GET")
	}
	for _, c := range []struct {
		method, path string
		with         httpOption
		status       int
		policy       string
	}{
		{"GET", httpUsers + "/me", httpBearer(h.alice.access), 200, httpNoPage},
		{"GET", "/nothing", nil, 404, httpNoPage},
		{"GET", httpUsers + "/login", nil, 405, httpNoPage},
		{"POST", httpUsers + "/login", httpText(strings.Repeat(" ", 65<<10)), 413, httpNoPage},
		{"POST", httpUsers + "/login", httpBody("text/plain", "x"), 415, httpNoPage},
		{"OPTIONS", httpUsers + "/me", nil, 405, httpNoPage},
		{"OPTIONS", httpUsers + "/me", httpHeader("Access-Control-Request-Method", "GET"), 403, httpNoPage},
		{"OPTIONS", httpUsers + "/me", preflight, 204, httpNoPage},
		{"GET", "/.well-known/jwks.json", nil, 200, httpNoPage},
		{"GET", "/healthz", nil, 200, httpNoPage},
		{"GET", "/readyz", nil, 200, httpNoPage},
		{"GET", "/images/" + name, nil, 200, httpPicture},
		{"HEAD", "/images/" + name, nil, 200, httpPicture},
		{"GET", "/images/nothing.png", nil, 404, httpNoPage},
		{"GET", "/images/" + name, httpHeader("Range", "bytes=1000000-"), 416, httpPicture},
		{"PUT", "/images/" + name, nil, 405, httpNoPage},
	} {
		with := c.with
		if with == nil {
			with = httpHeader("Accept", "*/*")
		}
		a := h.send(t, c.method, c.path, with) // and what is true of every answer is checked there
		if a.status != c.status || a.header.Get("Content-Security-Policy") != c.policy {
			t.Errorf("%s %s: %d with the policy %q", c.method, c.path, a.status, a.header.Get("Content-Security-Policy"))
		}
		want := "same-origin"
		if strings.HasPrefix(c.path, "/images/"+name) && c.method != "PUT" {
			want = "cross-origin" // front ends of other origins show it
		}
		if got := a.header.Get("Cross-Origin-Resource-Policy"); got != want {
			t.Errorf("%s %s: Cross-Origin-Resource-Policy is %q, want %q", c.method, c.path, got, want)
		}
		if a.status >= 400 && a.status != 416 && len(a.body) > 0 && a.code() == "" {
			t.Errorf("%s %s refuses without the envelope: %s", c.method, c.path, a.body)
		}
	}
}
