package breach

import (
	"bytes"
	"context"
	"crypto/sha1"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

const leaked = "correct horse battery"

var (
	digest = fmt.Sprintf("%X", sha1.Sum([]byte(leaked)))
	prefix = digest[:5]
	suffix = digest[5:]
)

// asked is a range API, somebody who asks it, and what they log.
type asked struct {
	*Range
	t        *testing.T
	log      *bytes.Buffer
	requests int
}

// api starts an API that answers in this way.
func api(t *testing.T, answer http.HandlerFunc) *asked {
	t.Helper()
	a := &asked{t: t, log: &bytes.Buffer{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.requests++
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL + "/range/")
	if err != nil {
		t.Fatal(err)
	}
	a.Range = NewRange(base, slog.New(slog.NewTextHandler(a.log, nil)))
	return a
}

// says checks the answer, and that the log has a line exactly where the password was not looked up.
func (a *asked) says(ctx context.Context, found, logged bool) {
	a.t.Helper()
	password, err := domain.PresentedPassword("password", leaked)
	if err != nil {
		a.t.Fatal(err)
	}
	if got := a.Contains(ctx, password); got != found {
		a.t.Errorf("the password is found: %t; want %t", got, found)
	}
	if got := strings.Count(a.log.String(), "\n"); got > 1 || got == 1 != logged {
		a.t.Errorf("the log has %d lines: %q", got, a.log)
	}
	for _, secret := range []string{leaked, prefix, suffix} {
		if strings.Contains(strings.ToUpper(a.log.String()), strings.ToUpper(secret)) {
			a.t.Errorf("the log shows %q: %q", secret, a.log)
		}
	}
}

// text answers 200 and a text.
func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(s)) }
}

// others is so many lines with suffixes that are not the one.
func others(n int) string {
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, "%035X:%d\r\n", i, i)
	}
	return lines.String()
}

func TestFiveDigitsAreAskedFor(t *testing.T) {
	a := api(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "GET" || r.RequestURI != "/range/"+prefix || r.Header.Get("Add-Padding") != "true" || r.ContentLength != 0 {
			t.Errorf("asked is %s %s with %v", r.Method, r.RequestURI, r.Header)
		}
		text(others(2))(w, r)
	})
	a.says(t.Context(), false, false)
	if a.requests != 1 {
		t.Errorf("%d requests", a.requests)
	}
}

func TestAnAnswerIsSearched(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		found  bool
	}{
		"not there":         {others(900), false},
		"first":             {suffix + ":1\r\n" + others(900), true},
		"last":              {others(900) + suffix + ":52579", true},
		"in small letters":  {strings.ToLower(suffix) + ":3\n", true},
		"as padding":        {others(3) + suffix + ":0\r\n" + others(3), false},
		"padding, and real": {suffix + ":0\r\n" + suffix + ":7\r\n", true},
	} {
		t.Run(name, func(t *testing.T) { api(t, text(c.answer)).says(t.Context(), c.found, false) })
	}
}

// Whoever cannot be asked, or answers rubbish, keeps nobody from choosing a password.
func TestAFailureLetsPasswordsThrough(t *testing.T) {
	hit := suffix + ":1\r\n"
	for name, answer := range map[string]http.HandlerFunc{
		"500": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			text(hit)(w, r)
		},
		"429":              func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
		"empty":            text(""),
		"a page":           text("<!DOCTYPE html>\n" + hit),
		"no count":         text(suffix + "\r\n" + hit),
		"a negative count": text(suffix + ":-1\r\n" + hit),
		"a short suffix":   text(suffix[1:] + ":1\r\n" + hit),
		"too many lines":   text(others(8000) + hit),
		"one endless line": text(strings.Repeat("A", 1<<20)),
		"an odd redirect": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "http://[::"+r.URL.Path)
			w.WriteHeader(http.StatusFound)
		},
		"the line is cut":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"the answer is cut": half,
		"says nothing":      func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"stops half-way": func(w http.ResponseWriter, r *http.Request) {
			text(others(3))(w, r)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api(t, answer).says(t.Context(), false, true)
		})
	}
}

// half announces more than it says.
func half(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", "4000")
	text(others(3))(w, r)
}

func TestNobodyElseIsAsked(t *testing.T) {
	elsewhere := api(t, text(suffix+":1"))
	a := api(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.base.JoinPath(prefix).String(), http.StatusFound)
	})
	a.says(t.Context(), false, true)
	if elsewhere.requests != 0 {
		t.Error("a redirect was followed")
	}
}

func TestAnAddressThatNobodyServes(t *testing.T) {
	a := api(t, text(""))
	a.base.Host = "127.0.0.1:1"
	a.says(t.Context(), false, true)
}

// The client who left is no fault of the API's.
func TestAClientWhoLeavesIsNotLogged(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	api(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}).says(ctx, false, false)
}

// hanging is a network on which no answer comes.
type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestNobodyWaitsForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // whose time moves when everybody waits
		a := &asked{t: t, log: &bytes.Buffer{}}
		a.Range = NewRange(&url.URL{Scheme: "https", Host: "api.example"}, slog.New(slog.NewTextHandler(a.log, nil)))
		a.transport = hanging{}
		start := time.Now()
		a.says(t.Context(), false, true)
		if waited := time.Since(start); waited != 500*time.Millisecond {
			t.Errorf("waited for %v", waited)
		}
	})
}
