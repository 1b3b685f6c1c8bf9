package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/web"
)

func get(t *testing.T, urlPath string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, urlPath, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	web.New().ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func TestPathsNameWhatFrontEndsRelyOn(t *testing.T) {
	paths := web.New().Paths()
	for _, want := range []string{"/", "/docs", "/latchkey.js", "/latchkey.d.ts", "/openapi.json", "/assets/main.js"} {
		if !slices.Contains(paths, want) {
			t.Errorf("%s is missing from %v", want, paths)
		}
	}
}

func TestEveryFileIsServedWithItsTypeAndUnderTheStrictPolicy(t *testing.T) {
	types := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json",
		".svg": "image/svg+xml", ".ts": "text/plain; charset=utf-8", "": "text/html; charset=utf-8",
	}
	for _, p := range web.New().Paths() {
		res := get(t, p)
		if res.StatusCode != http.StatusOK || text(t, res) == "" {
			t.Errorf("%s: status %d", p, res.StatusCode)
		}
		for name, want := range map[string]string{
			"Content-Type":                 types[path.Ext(p)],
			"Cache-Control":                "no-cache",
			"Vary":                         "Accept-Encoding",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"X-Frame-Options":              "DENY",
			"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=()",
		} {
			if got := res.Header.Get(name); got != want || want == "" {
				t.Errorf("%s: %s is %q, want %q", p, name, got, want)
			}
		}
		policy := res.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self';", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy lacks %s: %s", p, want, policy)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is lax: %s", p, policy)
		}
	}
}

func TestCompressedAndPlainFormsHoldTheSame(t *testing.T) {
	for _, p := range web.New().Paths() {
		plain, zipped := get(t, p), get(t, p, "Accept-Encoding", "br, gzip;q=0.8")
		if got := zipped.Header.Get("Content-Encoding"); got != "gzip" {
			t.Errorf("%s: Content-Encoding is %q", p, got)
			continue
		}
		if plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: compressed for a client that did not ask", p)
		}
		if plain.Header.Get("ETag") == zipped.Header.Get("ETag") {
			t.Errorf("%s: two forms, one entity tag", p)
		}
		zr, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		unzipped, err := io.ReadAll(zr)
		if err != nil || text(t, plain) != string(unzipped) {
			t.Errorf("%s: the forms differ (%v)", p, err)
		}
	}
}

func TestWhoRefusesGzipGetsNone(t *testing.T) {
	for _, accepts := range []string{"", "br", "gzip;q=0", "gzip; q=0.0", "gzip;q=nonsense", "x-gzip"} {
		if got := get(t, "/latchkey.js", "Accept-Encoding", accepts).Header.Get("Content-Encoding"); got != "" {
			t.Errorf("Accept-Encoding %q: got %q", accepts, got)
		}
	}
}

func TestWhatTheClientHoldsIsNotSentAgain(t *testing.T) {
	for _, coding := range []string{"identity", "gzip"} {
		etag := get(t, "/", "Accept-Encoding", coding).Header.Get("ETag")
		res := get(t, "/", "Accept-Encoding", coding, "If-None-Match", etag)
		if body := text(t, res); res.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s: status %d with %d bytes, want 304 and none", coding, res.StatusCode, len(body))
		}
		if res := get(t, "/", "Accept-Encoding", coding, "If-None-Match", `"old"`); res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d for an old version, want 200", coding, res.StatusCode)
		}
	}
}

func TestUnknownPathsAndMethodsAreRefused(t *testing.T) {
	for _, p := range []string{"/assets/", "/assets/nothing.js", "/docs/", "/index.html", "/static/index.html", "/web.go", "/assets/../index.html"} {
		if res := get(t, p); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", p, res.StatusCode)
		}
	}
	w := httptest.NewRecorder()
	web.New().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: status %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

// The policy would block it, and nobody would notice but the people who use the page.
func TestNoPageHasInlineScriptOrStyle(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|<script(?:[^>]*)>[^<]|\sstyle\s*=|\son[a-z]+\s*=|javascript:`)
	for _, p := range web.New().Paths() {
		if ext := path.Ext(p); ext != "" && ext != ".svg" {
			continue
		}
		if found := inline.FindString(text(t, get(t, p))); found != "" {
			t.Errorf("%s has %q", p, found)
		}
	}
}

func TestEveryReferenceLeadsToAFile(t *testing.T) {
	paths := web.New().Paths()
	reference := regexp.MustCompile(`(?:\b(?:src|href)="|\bfrom '|\burl\()([^"')#]+)`)
	for _, p := range paths {
		ext := path.Ext(p)
		if strings.HasPrefix(path.Base(p), "swagger-ui") || ext != "" && ext != ".js" && ext != ".css" {
			continue
		}
		for _, match := range reference.FindAllStringSubmatch(text(t, get(t, p)), -1) {
			to := match[1]
			if strings.HasPrefix(to, "./") {
				to = path.Join(path.Dir(p), to)
			}
			if !slices.Contains(paths, to) {
				t.Errorf("%s refers to %s, which is not there", p, to)
			}
		}
	}
}

func TestEveryElementThatAScriptLooksForIsOnThePage(t *testing.T) {
	page := text(t, get(t, "/"))
	lookup := regexp.MustCompile(`\$\('([a-z-]+)'\)`)
	for _, p := range web.New().Paths() {
		if !strings.HasPrefix(p, "/assets/") || path.Ext(p) != ".js" {
			continue
		}
		for _, match := range lookup.FindAllStringSubmatch(text(t, get(t, p)), -1) {
			if n := strings.Count(page, `id="`+match[1]+`"`); n != 1 {
				t.Errorf("%s looks for #%s, which is there %d times", p, match[1], n)
			}
		}
	}
}

func TestSizes(t *testing.T) {
	for p, limit := range map[string]int{"/latchkey.js": 3 << 10, "/": 4 << 10, "/openapi.json": 20 << 10} {
		size := len(text(t, get(t, p, "Accept-Encoding", "gzip")))
		t.Logf("%s: %d bytes compressed", p, size)
		if size >= limit {
			t.Errorf("%s has %d bytes compressed, want under %d", p, size, limit)
		}
	}
}

func TestHeadAnswersWhatGetDoes(t *testing.T) {
	w := httptest.NewRecorder()
	web.New().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/docs", nil))
	if w.Code != http.StatusOK || w.Header().Get("ETag") == "" || !bytes.Equal(w.Body.Bytes(), nil) {
		t.Errorf("status %d, ETag %q, %d bytes", w.Code, w.Header().Get("ETag"), w.Body.Len())
	}
}
