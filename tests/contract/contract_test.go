// Package contract_test holds the HTTP contract: every route, member, cookie, status and code that clients rely on.
package contract_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/world"
)

const api = "/api/v1/users"

// service is a whole Latchkey that tests speak HTTP with.
type service struct{ *world.World }

func open(t *testing.T, settings ...map[string]string) service {
	t.Helper()
	return service{world.Open(t, settings...)}
}

// answer is what came back.
type answer struct {
	status  int
	header  http.Header
	raw     []byte
	Message string
	Code    string
	Errors  []struct{ Field, Message string }
	Data    json.RawMessage
}

// fetch sends a request to any path. Options shape it.
func (s service) fetch(t *testing.T, method, path string, with ...option) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	must(t, err)
	for _, shape := range with {
		shape(req)
	}
	resp, err := s.Client.Do(req)
	must(t, err)
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	a.raw, err = io.ReadAll(resp.Body)
	must(t, err)
	return a
}

// send sends a request to a route of the API, and checks that the answer comes in the envelope.
func (s service) send(t *testing.T, method, route string, with ...option) answer {
	t.Helper()
	a := s.fetch(t, method, api+route, with...)
	a.open(t)
	return a
}

// open takes the answer out of its envelope, which has exactly the members that it should.
func (a *answer) open(t *testing.T) {
	t.Helper()
	var envelope struct {
		StatusCode int
		Success    bool
	}
	if err := json.Unmarshal(a.raw, &envelope); err != nil {
		t.Fatalf("status %d without an envelope: %q", a.status, a.raw)
	}
	must(t, json.Unmarshal(a.raw, a))
	want := []string{"data", "message", "statusCode", "success"}
	good := a.status < 300
	if !good {
		want = []string{"code", "data", "errors", "message", "statusCode", "success"}
	}
	if got := members(t, a.raw); !slices.Equal(got, want) {
		t.Errorf("the envelope has the members %v, want %v", got, want)
	}
	if envelope.StatusCode != a.status || envelope.Success != good || a.Message == "" {
		t.Errorf("status %d in the envelope %s", a.status, a.raw)
	}
	if !good && (a.Errors == nil || string(a.Data) != "null" || a.Code == "") {
		t.Errorf("a failure looks like %s", a.raw)
	}
	if got := a.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("Content-Type is %q", got)
	}
	if a.header.Get("X-Request-ID") == "" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the header is %v", a.header)
	}
}

// expect checks a status and a code, "" for a success, and stops the test where they differ.
func (a answer) expect(t *testing.T, status int, code string) answer {
	t.Helper()
	if a.status != status || a.Code != code {
		t.Fatalf("got %d %s, want %d %s", a.status, a.raw, status, code)
	}
	return a
}

// blames checks which fields the answer finds at fault.
func (a answer) blames(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, each := range a.Errors {
		got = append(got, each.Field)
		if each.Message == "" {
			t.Errorf("nothing is said about %q", each.Field)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("to blame are %v, want %v", got, want)
	}
}

// members are the names in a JSON object, sorted.
func members(t *testing.T, object []byte) []string {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal(object, &all); err != nil {
		t.Fatalf("no JSON object: %s", object)
	}
	return slices.Sorted(maps.Keys(all))
}

// decode reads JSON that has exactly the members of T.
func decode[T any](t *testing.T, data []byte) (value T) {
	t.Helper()
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&value); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return value
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
