package secrets_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// recorder is a transport that remembers every secret that passes, whichever way and however it is encoded.
type recorder struct {
	http.RoundTripper
	mu       sync.Mutex
	seen     map[string]map[string]bool // by kind
	refusals bytes.Buffer               // what was answered to requests that were refused
}

func newRecorder(next http.RoundTripper) *recorder {
	return &recorder{RoundTripper: next, seen: map[string]map[string]bool{}}
}

// RoundTrip sends the request, and remembers.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		req.Body = r.body(req.Header, req.Body)
	}
	for _, c := range req.Cookies() {
		r.add("cookie", c.Value)
	}
	r.add("bearer token", strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer "))
	resp, err := r.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	for _, c := range resp.Cookies() {
		r.add("cookie", c.Value)
	}
	resp.Body = r.body(resp.Header, resp.Body)
	if resp.StatusCode >= http.StatusBadRequest {
		resp.Body = r.refusal(resp)
	}
	return resp, nil
}

// body reads a body to its end, and answers one that can be read again.
func (r *recorder) body(header http.Header, body io.ReadCloser) io.ReadCloser {
	data, _ := io.ReadAll(body) // what broke off is shorter
	_ = body.Close()
	mediaType, params, _ := mime.ParseMediaType(header.Get("Content-Type"))
	switch mediaType {
	case "application/json":
		var value any
		_ = json.Unmarshal(data, &value)
		r.walk("", value)
	case "multipart/form-data":
		r.parts(multipart.NewReader(bytes.NewReader(data), params["boundary"]))
	}
	return io.NopCloser(bytes.NewReader(data))
}

// refusal keeps the header and the body of an answer, and answers a body that can be read again.
func (r *recorder) refusal(resp *http.Response) io.ReadCloser {
	data, _ := io.ReadAll(resp.Body) // in memory by now
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = resp.Header.Write(&r.refusals) // into memory: cannot fail
	r.refusals.Write(data)
	return io.NopCloser(bytes.NewReader(data))
}

func (r *recorder) parts(form *multipart.Reader) {
	for part, err := form.NextPart(); err == nil; part, err = form.NextPart() {
		data, _ := io.ReadAll(part)
		r.walk(part.FormName(), string(data))
	}
}

// walk looks for secrets by the names of members, at any depth.
func (r *recorder) walk(name string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			r.walk(name, member)
		}
	case string:
		lower := strings.ToLower(name)
		switch {
		case strings.HasSuffix(lower, "password"):
			r.add("password", value)
		case strings.HasSuffix(lower, "token"):
			r.add("token", value)
		}
	}
}

// add remembers a secret, and of a token its signature too, which is the part that counts.
func (r *recorder) add(kind, secret string) {
	if strings.TrimSpace(secret) == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[kind] == nil {
		r.seen[kind] = map[string]bool{}
	}
	r.seen[kind][secret] = true
	if parts := strings.Split(secret, "."); len(parts) == 3 && strings.HasPrefix(secret, "eyJ") { // as JSON begins, in base64
		r.seen[kind][parts[2]] = true
	}
}

// TestOnlyTokensAreTakenApart: a hash of bcrypt may hold two dots as well, and nothing after the second.
func TestOnlyTokensAreTakenApart(t *testing.T) {
	r := newRecorder(nil)
	r.add("hash", "$2a$10$a.b.")
	r.add("token", "eyJ0.eyJ1.c2ln")
	if want := (map[string]bool{"$2a$10$a.b.": true}); !maps.Equal(r.seen["hash"], want) {
		t.Errorf("of a hash it remembers %v, want %v", r.seen["hash"], want)
	}
	if !r.seen["token"]["c2ln"] {
		t.Error("it forgets the signature of a token")
	}
}
