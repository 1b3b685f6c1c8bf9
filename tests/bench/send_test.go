package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// sender sends a request and answers what came. Each client has its own.
type sender func(*http.Request) (answer, error)

// answer is the answer to a request, good until the next one is sent.
type answer struct {
	status int
	body   []byte
}

// String is the answer as errors show it.
func (a answer) String() string { return fmt.Sprintf("status %d: %s", a.status, a.body) }

// tokens is those that were answered.
func (a answer) tokens() (tokens, error) {
	if a.status != http.StatusOK {
		return tokens{}, fmt.Errorf("answered %v", a)
	}
	var envelope struct{ Data tokens }
	err := json.Unmarshal(a.body, &envelope)
	return envelope.Data, err
}

func get(path, token string) *http.Request {
	r := newRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func post(path, body string) *http.Request {
	r := newRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func newRequest(method, path string, body io.Reader) *http.Request {
	r, err := http.NewRequest(method, "http://latchkey.example.org"+path, body)
	if err != nil {
		panic(err) // the paths are fixed
	}
	r.RemoteAddr = "192.0.2.1:1234"
	return r
}

// toHandler calls the handler, with no network between.
func toHandler(handler http.Handler) sender {
	var body bytes.Buffer
	return func(r *http.Request) (answer, error) {
		body.Reset()
		recorder := httptest.NewRecorder()
		recorder.Body = &body
		handler.ServeHTTP(recorder, r)
		return answer{recorder.Code, body.Bytes()}, nil
	}
}

// toSocket sends over a connection of its own, which stays open. It spares what net/http's client costs.
func toSocket(b *testing.B, addr string) sender {
	conn, err := net.Dial("tcp", addr)
	check(b, err)
	b.Cleanup(func() { _ = conn.Close() })
	in := bufio.NewReader(conn)
	var out, body bytes.Buffer
	return func(r *http.Request) (answer, error) {
		out.Reset()
		if err := r.Write(&out); err != nil {
			return answer{}, err
		}
		if _, err := out.WriteTo(conn); err != nil {
			return answer{}, err
		}
		response, err := http.ReadResponse(in, r)
		if err != nil {
			return answer{}, err
		}
		body.Reset()
		_, err = io.Copy(&body, response.Body)
		return answer{response.StatusCode, body.Bytes()}, err
	}
}
