package attack_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// httpOption shapes a request.
type httpOption func(*http.Request)

// httpBody sends a body as it stands.
func httpBody(mediaType, content string) httpOption {
	return func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(content)), int64(len(content))
		r.Header.Set("Content-Type", mediaType)
	}
}

// httpText sends a text as JSON.
func httpText(text string) httpOption { return httpBody("application/json", text) }

// httpObject is a JSON object of texts, given as names and values in turn.
func httpObject(pairs ...string) string {
	object := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		object[pairs[i]] = pairs[i+1]
	}
	data, _ := json.Marshal(object) // of strings: cannot fail
	return string(data)
}

func httpJSON(pairs ...string) httpOption { return httpText(httpObject(pairs...)) }

func httpForm(pairs ...string) httpOption {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return httpBody("application/x-www-form-urlencoded", form.Encode())
}

// httpFile sends a file of a name, beside nothing.
func httpFile(name, filename string, content []byte) httpOption {
	var out bytes.Buffer
	w := multipart.NewWriter(&out) // into memory: cannot fail
	part, _ := w.CreateFormFile(name, filename)
	_, _ = part.Write(content)
	_ = w.Close()
	return httpBody(w.FormDataContentType(), out.String())
}

func httpHeader(name, value string) httpOption {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

func httpHost(host string) httpOption { return func(r *http.Request) { r.Host = host } }

func httpBearer(token string) httpOption { return httpHeader("Authorization", "Bearer "+token) }

// httpCookies are those that a browser holds of a person.
func httpCookies(p httpPerson) httpOption {
	return httpHeader("Cookie", "accessToken="+p.access+"; refreshToken="+p.refresh)
}

// httpRaw sends bytes as they stand over a connection of their own, and reads whatever comes back until the other side
// closes it, which the last of the requests had better ask for. The patience is for a test that fails; nothing waits for
// it when all is well.
func httpRaw(t *testing.T, address, text string) (answers []httpAnswer) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	httpMust(t, err)
	defer conn.Close()
	httpMust(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = conn.Write([]byte(text))
	httpMust(t, err)
	for r := bufio.NewReader(conn); ; {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
				t.Fatalf("nothing more comes: %v", err)
			}
			return answers
		}
		body, _ := io.ReadAll(resp.Body) // what broke off is shorter
		answers = append(answers, httpAnswer{resp.StatusCode, resp.Header, body, resp.Close})
	}
}

// raw is httpRaw to the service. Each answer either is one of the service's, or is net/http's own to what is no request,
// which says nothing and ends the connection.
func (h httpTarget) raw(t *testing.T, text string) []httpAnswer {
	t.Helper()
	answers := httpRaw(t, h.URL, text)
	for _, a := range answers {
		a.empty(t, h.alice)
		if a.status < 200 {
			continue
		}
		if a.header.Get("X-Request-Id") != "" {
			a.sane(t)
			continue
		}
		if known := map[int]bool{400: true, 417: true, 431: true, 501: true, 505: true}; !known[a.status] || !a.last || len(a.body) > 80 {
			t.Errorf("net/http answers %d %q", a.status, a.body)
		}
	}
	return answers
}
