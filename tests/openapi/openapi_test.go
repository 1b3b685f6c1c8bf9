package openapi_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/openapi"
)

const (
	users   = "/api/v1/users"
	user    = `{"_id":"1","username":"ada","fullname":"","email":"ada@example.org","avatar":"","coverImage":"","createdAt":"2026-11-21T09:30:00Z","updatedAt":"2026-11-21T09:30:00Z"}`
	success = `{"statusCode":200,"success":true,"message":"Hello.","data":` + user + `}`
	missing = `{"statusCode":404,"success":false,"message":"No.","code":"not_found","errors":[],"data":null}`
	refused = `{"statusCode":401,"success":false,"message":"No.","code":"token_missing","errors":[],"data":null}`
)

// exchange is what a client asks and what the handler answers.
type exchange struct {
	method, path, sent string
	status             int
	answer             string
	header             []string // of both: no part of it matters to the other
}

var bearer = []string{"Authorization", "Bearer x"}

// me is an exchange without a fault.
var me = exchange{"GET", users + "/me", "", 200, success, bearer}

// login is another one.
var login = exchange{"POST", users + "/refresh-token", `{"refreshToken":"x"}`, 401, refused, []string{"WWW-Authenticate", "Bearer"}}

// watched is the fault of an exchange, "" where there is none.
func watched(t *testing.T, x exchange, shape ...func(*openapi.Watch)) string {
	t.Helper()
	document, err := openapi.Latchkey()
	if err != nil {
		t.Fatal(err)
	}
	w := openapi.NewWatch(document, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		h := w.Header()
		h.Set("X-Request-ID", "1")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Type", "application/json; charset=utf-8")
		for i := 0; i < len(x.header); i += 2 {
			h.Set(x.header[i], x.header[i+1])
		}
		w.WriteHeader(x.status)
		_, _ = w.Write([]byte(x.answer))
	}))
	for _, each := range shape {
		each(w)
	}
	r := httptest.NewRequest(x.method, x.path, strings.NewReader(x.sent))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(x.header); i += 2 {
		r.Header.Set(x.header[i], x.header[i+1])
	}
	w.ServeHTTP(httptest.NewRecorder(), r)
	if err := w.Err(); err != nil {
		return err.Error()
	}
	return ""
}

// but is an exchange with one thing changed.
func (x exchange) but(change func(*exchange)) exchange {
	change(&x)
	return x
}

// TestWhatIsDocumentedPasses, so that what does not pass below does not for the one thing that is wrong with it.
func TestWhatIsDocumentedPasses(t *testing.T) {
	for name, x := range map[string]exchange{
		"a success":                 me,
		"a failure":                 login,
		"an unknown path":           {"GET", "/nothing", "", 404, missing, nil},
		"HEAD of a page":            {"HEAD", "/docs", "", 200, "", []string{"Content-Type", "text/html", "Cache-Control", "no-cache", "ETag", `"1"`}},
		"a form":                    {"POST", "/oauth/revoke", "token=x", 200, "{}", nil},
		"a browser that may":        {"OPTIONS", users + "/me", "", 204, "", []string{"Access-Control-Request-Method", "PATCH"}},
		"a request that is refused": {"POST", users + "/login", "isAdmin=1", 401, strings.Replace(refused, "token_missing", "invalid_credentials", 1), []string{"WWW-Authenticate", "Bearer"}},
	} {
		t.Run(name, func(t *testing.T) {
			if fault := watched(t, x); fault != "" {
				t.Error(fault)
			}
		})
	}
}

// TestWhatIsNotDocumentedFails, with the method, the path, the status and what is wrong.
func TestWhatIsNotDocumentedFails(t *testing.T) {
	for name, c := range map[string]struct {
		exchange
		fault string
	}{
		"a field more":               {me.but(func(x *exchange) { x.answer = strings.Replace(x.answer, `{`, `{"more":1,`, 1) }), "'more' not allowed"},
		"a field more, further in":   {me.but(func(x *exchange) { x.answer = strings.Replace(x.answer, `"_id"`, `"more":1,"_id"`, 1) }), "'more' not allowed"},
		"a field of a failure more":  {login.but(func(x *exchange) { x.answer = strings.Replace(x.answer, `{`, `{"more":1,`, 1) }), "'more' not allowed"},
		"a field less":               {me.but(func(x *exchange) { x.answer = strings.Replace(x.answer, `"username":"ada",`, "", 1) }), "username"},
		"a field of another type":    {me.but(func(x *exchange) { x.answer = strings.Replace(x.answer, `"ada"`, "7", 1) }), "got number"},
		"a route":                    {me.but(func(x *exchange) { x.path = "/api/v1/people" }), "the status 200 is not documented"},
		"a method":                   {me.but(func(x *exchange) { x.method = "PUT" }), "the status 200 is not documented"},
		"a status":                   {me.but(func(x *exchange) { x.status = 202 }), "the status 202 is not documented"},
		"a status of a failure":      {login.but(func(x *exchange) { x.status = 418 }), "the status 418 is not documented"},
		"a code":                     {login.but(func(x *exchange) { x.answer = strings.Replace(x.answer, "token_missing", "user_exists", 1) }), "/code"},
		"another status in the body": {me.but(func(x *exchange) { x.answer = strings.Replace(x.answer, "200", "201", 1) }), "/statusCode"},
		"another 404":                {exchange{"GET", "/nothing", "", 404, `{"error":"not found"}`, nil}, "missing properties"},
		"text":                       {me.but(func(x *exchange) { x.answer = "Hello." }), "no JSON"},
		"another media type":         {me.but(func(x *exchange) { x.header = append(bearer, "Content-Type", "text/html") }), "text/html"},
		"a header less":              {login.but(func(x *exchange) { x.header = nil }), "WWW-Authenticate is missing"},
		"another header":             {me.but(func(x *exchange) { x.header = append(bearer, "Cache-Control", "public") }), "Cache-Control is"},
		"a body where none is":       {exchange{"GET", "/docs", "", 304, "Hello.", []string{"ETag", `"1"`}}, "no body of the type"},
		"a field of a form":          {exchange{"POST", "/oauth/revoke", "token=x&more=1", 200, "{}", nil}, `"more" is not documented`},
		"a field of a JSON text":     {exchange{"PATCH", users + "/me", `{"fullname":"x","more":1}`, 200, success, append(bearer, "Content-Type", "application/json")}, "'more' not allowed"},
		"a parameter":                {me.but(func(x *exchange) { x.path += "?more=1" }), `"more" is not documented`},
		"nobody who may":             {me.but(func(x *exchange) { x.header = nil }), "accessTokenBearer"},
		"a browser that may not":     {exchange{"OPTIONS", users + "/me", "", 200, "", []string{"Access-Control-Request-Method", "PATCH"}}, "the status 200 is not documented"},
	} {
		t.Run(name, func(t *testing.T) {
			fault := watched(t, c.exchange)
			path, _, _ := strings.Cut(c.path, "?")
			if !strings.Contains(fault, c.fault) || !strings.HasPrefix(fault, c.method+" "+path+", ") {
				t.Errorf("the fault is %q, want %q", fault, c.fault)
			}
		})
	}
}

// TestAnyRequestAndNoOtherAnswer passes where a test says so.
func TestAnyRequestAndNoOtherAnswer(t *testing.T) {
	odd := exchange{"POST", "/oauth/revoke", "token=x&more=1", 200, "{}", nil}
	if fault := watched(t, odd, (*openapi.Watch).AllowAnyRequest); fault != "" {
		t.Error(fault)
	}
	odd.answer = `{"more":1}`
	if fault := watched(t, odd, (*openapi.Watch).AllowAnyRequest); !strings.Contains(fault, "the answer is not") {
		t.Errorf("the fault is %q", fault)
	}
}

// TestLoadNeedsWhatEveryPathAnswers, or nothing would be said of paths that are not in the document.
func TestLoadNeedsWhatEveryPathAnswers(t *testing.T) {
	if _, err := openapi.Load([]byte(`{"openapi":"3.1.1","info":{"title":"x","version":"1"},"paths":{}}`)); err == nil {
		t.Error("a document without NotFound is loaded")
	}
}

// TestTransport holds what a client sees against the document, and hands it on.
func TestTransport(t *testing.T) {
	document, err := openapi.Latchkey()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	defer server.Close()
	var faults []string
	client := &http.Client{Transport: &openapi.Transport{
		Document: document, Base: http.DefaultTransport, Report: func(fault error) { faults = append(faults, fault.Error()) },
	}}
	answer, err := client.Post(server.URL+"/oauth/revoke", "text/plain", strings.NewReader("more"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || string(body) != "more" {
		t.Errorf("the client reads %q, %v", body, err)
	}
	if len(faults) != 2 || !strings.HasPrefix(faults[0], "POST /oauth/revoke, 200: the request is not") || !strings.HasPrefix(faults[1], "POST /oauth/revoke, 200: the answer is not") {
		t.Errorf("the faults are %q", faults)
	}
}
