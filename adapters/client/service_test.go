package client_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/client"
	"github.com/latchkey-auth/latchkey/tests/world"
)

const passphrase = "correct horse battery"

var ada = client.Credentials{Email: "ada@example.org", Password: passphrase}

// latchkey is a whole Latchkey, the link to it, and Ada, who has signed in.
type latchkey struct {
	*world.World
	link *link
	kept *client.MemoryTokens
	*client.Client
}

func open(t *testing.T, shape ...func(*client.Config)) latchkey {
	t.Helper()
	w := world.Open(t)
	l := latchkey{World: w, link: &link{base: w.Client.Transport}, kept: &client.MemoryTokens{}}
	cfg := client.Config{URL: w.URL, Tokens: l.kept, Transport: l.link, Now: w.Clock.Now}
	for _, each := range shape {
		each(&cfg)
	}
	var err error
	l.Client, err = client.New(cfg)
	must(t, err)
	_, err = l.Register(t.Context(), client.Registration{Email: ada.Email, Password: ada.Password})
	must(t, err)
	l.signIn(t)
	return l
}

func (l latchkey) signIn(t *testing.T) {
	t.Helper()
	_, err := l.Login(t.Context(), ada)
	must(t, err)
}

// tokens is those that are kept.
func (l latchkey) tokens(t *testing.T) client.Tokens {
	t.Helper()
	tokens, err := l.Tokens(t.Context())
	must(t, err)
	return tokens
}

// expire has the access token expire.
func (l latchkey) expire(t *testing.T) {
	t.Helper()
	l.Clock.Advance(l.tokens(t).AccessTokenExpiresAt.Sub(l.Clock.Now()))
}

// is checks that an error is a refusal with this code.
func is(t *testing.T, err error, code client.Code) *client.Error {
	t.Helper()
	refused, ok := errors.AsType[*client.Error](err)
	if !ok || refused.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	return refused
}

// link tells what went over it, and can answer itself.
type link struct {
	base   http.RoundTripper
	mu     sync.Mutex
	sent   []string // method and path
	bearer []string // what was presented, by host
	answer func(*http.Request) *http.Response
}

// RoundTrip sends a request, or answers it.
func (l *link) RoundTrip(req *http.Request) (*http.Response, error) {
	l.mu.Lock()
	l.sent = append(l.sent, req.Method+" "+req.URL.Path)
	if token := req.Header.Get("Authorization"); token != "" {
		l.bearer = append(l.bearer, req.URL.Host)
	}
	answer := l.answer
	l.mu.Unlock()
	if answer != nil {
		if resp := answer(req); resp != nil {
			resp.Request = req
			return resp, nil
		}
	}
	return l.base.RoundTrip(req)
}

// becomes has some requests answered by the link; what it answers with nil goes on.
func (l *link) becomes(answer func(*http.Request) *http.Response) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer = answer
}

// count is how many requests to a route were sent.
func (l *link) count(route string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, each := range l.sent {
		if each == route {
			n++
		}
	}
	return n
}

// reply is an answer of the link's.
func reply(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
