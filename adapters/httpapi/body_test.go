package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/sync/semaphore"

	"github.com/latchkey-auth/latchkey/domain"
)

const (
	jsonType = "application/json"
	partType = "multipart/form-data; boundary=b"
)

// everything is what the most demanding route takes.
var everything = accepts{fields: []string{"email", "password"}, files: []string{"avatar"}}

// part is one part of a multipart body, with more in its Content-Disposition.
func part(name, more, content string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + content + "\r\n"
}

const (
	end  = "--b--\r\n"
	file = `; filename="a.png"`
)

func post(mediaType, content string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(content))
	r.Header.Set("Content-Type", mediaType)
	return r
}

// names is an object of so many.
func names(n int) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, `,"x%d":1`, i)
	}
	return "{" + all.String()[1:] + "}"
}

// nested is objects in an object, so deep.
func nested(n int) string { return strings.Repeat(`{"x":`, n) + "1" + strings.Repeat("}", n) }

// plenty is a share of more memory than any test needs.
func plenty() *share { return &share{of: semaphore.NewWeighted(maxFilesMemory)} }

func codeOf(err error) domain.Code {
	if known, ok := errors.AsType[*domain.Error](err); ok {
		return known.Code
	}
	return ""
}

func TestDecodeTakesWhatIsMeant(t *testing.T) {
	for name, test := range map[string]struct {
		mediaType, content string
		texts              map[string]string
		avatar             string
	}{
		"JSON":                                  {jsonType, `{"email":"a","password":"b"}`, map[string]string{"email": "a", "password": "b"}, ""},
		"JSON: null":                            {jsonType, `{"email":null}`, nil, ""},
		"JSON: a name in other case":            {jsonType, `{"Email":"a"}`, nil, ""},
		"JSON: unknown of any type":             {jsonType, `{"x":{"y":[1]},"email":"a"}`, map[string]string{"email": "a"}, ""},
		"JSON: a pair of surrogates":            {jsonType, `{"email":"\uD83D\ude00"}`, map[string]string{"email": "😀"}, ""},
		"JSON: an escaped backslash":            {jsonType, `{"email":"\\ud800"}`, map[string]string{"email": `\ud800`}, ""},
		"JSON: backslashes and a pair":          {jsonType, `{"email":"\\\\\ud83d\ude00\\"}`, map[string]string{"email": `\\😀\`}, ""},
		"JSON: what stands for losses":          {jsonType, `{"email":"\ufffd�"}`, map[string]string{"email": "��"}, ""},
		"JSON: nothing":                         {jsonType, "", nil, ""},
		"JSON: a name twice, in two objects":    {jsonType, `{"x":{"a":1},"y":{"a":1e999}}`, nil, ""},
		"JSON: as many names as fit":            {jsonType, names(maxFields), nil, ""},
		"JSON: as deep as may be":               {jsonType, nested(maxDepth), nil, ""},
		"JSON: as deep, and empty":              {jsonType, strings.Replace(nested(maxDepth-1), "1", "[]", 1), nil, ""},
		"form: as many fields as fit":           {formType, strings.Repeat("x=&", maxFields-1), nil, ""},
		"multipart: a header of some length":    {partType, part("email", "\r\nX: "+strings.Repeat("x", 8<<10), "a") + end, map[string]string{"email": "a"}, ""},
		"multipart: the longest boundary":       {"multipart/form-data; boundary=" + strings.Repeat("b", maxBoundary), "--" + strings.Repeat("b", maxBoundary) + "--\r\n", nil, ""},
		"multipart: a lot that nobody asked":    {partType, part("x", "", strings.Repeat("x", 1<<20)) + part("email", "", "a") + end, map[string]string{"email": "a"}, ""},
		"form":                                  {formType, "email=a%26&x=1&x=2", map[string]string{"email": "a&"}, ""},
		"form: nothing":                         {formType, "", nil, ""},
		"another type: nothing":                 {"image/png", "", nil, ""},
		"multipart":                             {partType, part("email", "", "a") + part("avatar", file, "PNG") + end, map[string]string{"email": "a"}, "PNG"},
		"multipart: a text named like a file":   {partType, part("avatar", "", "undefined") + end, nil, ""},
		"multipart: a file that was not chosen": {partType, part("avatar", `; filename=""`, "") + end, nil, ""},
		"multipart: a file named like a text":   {partType, part("email", file, "a") + end, nil, ""},
		"multipart: as many parts as fit":       {partType, strings.Repeat(part("x", "", ""), maxParts) + end, nil, ""},
		"multipart: nothing":                    {partType, "", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, chunked := range []bool{false, true} {
				r := post(test.mediaType, test.content)
				if chunked {
					r.ContentLength, r.Body = -1, io.NopCloser(r.Body)
				}
				got, err := decode(r, everything, plenty())
				if err != nil || !maps.Equal(got.texts, test.texts) || string(got.files["avatar"]) != test.avatar {
					t.Errorf("got %q, %q, %v", got.texts, got.files, err)
				}
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		mediaType, content string
		want               domain.Code
	}{
		"JSON: a list":                    {jsonType, `[]`, codeMalformedBody},
		"JSON: a number":                  {jsonType, `{"email":1}`, codeMalformedBody},
		"JSON: a name twice":              {jsonType, `{"email":"a","email":"b"}`, codeMalformedBody},
		"JSON: two objects":               {jsonType, `{}{}`, codeMalformedBody},
		"JSON: cut short":                 {jsonType, `{"email":"a"`, codeMalformedBody},
		"JSON: no UTF-8":                  {jsonType, "{\"email\":\"\xff\"}", codeMalformedBody},
		"JSON: a high surrogate":          {jsonType, `{"password":"\ud800"}`, codeMalformedBody},
		"JSON: a low surrogate":           {jsonType, `{"password":"\uDFFF"}`, codeMalformedBody},
		"JSON: surrogates the other way":  {jsonType, `{"password":"\ude00\ud83d"}`, codeMalformedBody},
		"JSON: half behind a pair":        {jsonType, `{"password":"\ud83d\ude00\ude00"}`, codeMalformedBody},
		"JSON: half behind a backslash":   {jsonType, `{"password":"\\\ud800"}`, codeMalformedBody},
		"JSON: half in a name":            {jsonType, `{"\udbff":1}`, codeMalformedBody},
		"JSON: a name twice, within":      {jsonType, `{"x":[{"y":1,"y":2}]}`, codeMalformedBody},
		"JSON: a name twice, escaped":     {jsonType, `{"email":"a","\u0065mail":"b"}`, codeMalformedBody},
		"JSON: one name too many":         {jsonType, names(maxFields + 1), codeMalformedBody},
		"JSON: names too many, within":    {jsonType, `{"x":[` + names(maxFields/2) + `,` + names(maxFields/2) + `]}`, codeMalformedBody},
		"JSON: too deep":                  {jsonType, nested(maxDepth + 1), codeMalformedBody},
		"JSON: too deep, and empty":       {jsonType, strings.Replace(nested(maxDepth), "1", "[]", 1), codeMalformedBody},
		"JSON: lists too deep":            {jsonType, `{"x":` + strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1) + `}`, codeMalformedBody},
		"JSON: deeper than the library":   {jsonType, `{"x":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`, codeMalformedBody},
		"JSON: an object for a text":      {jsonType, `{"email":{"$gt":""}}`, codeMalformedBody},
		"JSON: a comma too many":          {jsonType, `{"email":"a",}`, codeMalformedBody},
		"JSON: more behind it":            {jsonType, `{} x`, codeMalformedBody},
		"JSON: blanks":                    {jsonType, "  ", codeMalformedBody},
		"form: one field too many":        {formType, strings.Repeat("x=&", maxFields), codeMalformedBody},
		"multipart: a header too long":    {partType, part("email", "\r\nX: "+strings.Repeat("x", 32<<10), "a") + end, codeMalformedBody},
		"multipart: headers too long":     {partType, part("email", strings.Repeat("\r\nX: x", 8<<10), "a") + end, codeMalformedBody},
		"multipart: a boundary too long":  {partType + strings.Repeat("b", maxBoundary), part("email", "", "a") + end, codeMalformedBody},
		"multipart: nothing but preamble": {partType, strings.Repeat("x\r\n", 32<<10), codeMalformedBody},
		"JSON: too large":                 {jsonType, strings.Repeat(" ", maxFieldsBytes+1), codeBodyTooLarge},
		"form: a field twice":             {formType, "email=a&email=b", codeMalformedBody},
		"form: a bad escape":              {formType, "email=%zz", codeMalformedBody},
		"form: no UTF-8":                  {formType, "email=%ff", codeMalformedBody},
		"multipart: no boundary":          {"multipart/form-data", part("email", "", "a") + end, codeMalformedBody},
		"multipart: broken off":           {partType, part("email", "", "a"), codeMalformedBody},
		"multipart: a field twice":        {partType, strings.Repeat(part("email", "", "a"), 2) + end, codeMalformedBody},
		"multipart: a file twice":         {partType, strings.Repeat(part("avatar", file, "a"), 2) + end, codeMalformedBody},
		"multipart: no UTF-8":             {partType, part("email", "", "\xff") + end, codeMalformedBody},
		"multipart: one part too many":    {partType, strings.Repeat(part("x", "", ""), maxParts+1) + end, codeMalformedBody},
		"multipart: fields too large":     {partType, part("email", "", strings.Repeat("x", maxFieldsBytes)) + part("password", "", "x") + end, codeBodyTooLarge},
		"multipart: a file too large":     {partType, part("avatar", file, strings.Repeat("x", maxImageBytes+1)) + end, codeBodyTooLarge},
		"multipart: all too large":        {partType, part("x", "", strings.Repeat("x", maxMultipartBytes)) + end, codeBodyTooLarge},
		"another type":                    {"text/plain", "email=a", codeUnsupportedMediaType},
		"another type of any size":        {"image/png", strings.Repeat("x", maxFieldsBytes+1), codeUnsupportedMediaType},
		"no type":                         {"", "{}", codeUnsupportedMediaType},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := decode(post(test.mediaType, test.content), everything, plenty()); codeOf(err) != test.want {
				t.Errorf("got %q, %v, want %s", got.texts, err, test.want)
			}
		})
	}
}

// Who errs is told what is wrong, or where, in words of our own: those of a library might quote a password.
func TestJSONThatIsWrongIsExplained(t *testing.T) {
	for content, want := range map[string]string{
		`{"email":"a",}`:                 "What follows byte 12 is wrong.",
		`{'email':'a'}`:                  "in double quotes. What follows byte 1 is wrong.",
		`{"email":SECRET}`:               "What follows byte 9 is wrong.",
		`{"password":"\ud800SECRET"}`:    "What follows byte 13 is wrong.",
		`{"password":"\uSECRET"}`:        "What follows byte 13 is wrong.",
		"{\"password\":\"\xffSECRET\"}":  "What follows byte 13 is wrong.",
		`{"password":"SECRET`:            "breaks off",
		`{"email":"a","email":"SECRET"}`: `"email" comes more than once`,
		`{"email":1}`:                    `"email" must be a string`,
		`["email"]`:                      "must be one JSON object",
		`{}{}`:                           "nothing behind it",
	} {
		_, err := decodeJSON([]byte(content), everything.fields)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "SEC") {
			t.Errorf("%s: %v, want %q", content, err, want)
		}
	}
}

// Routes that do without a body go on without one that is wrong, and believe nothing in it.
func TestNothingIsKeptOfABodyThatIsWrong(t *testing.T) {
	for content, mediaType := range map[string]string{
		`{"email":"a"} x`:           jsonType,
		`{"email":"a","email":"b"}`: jsonType,
		`{"email":"a"`:              jsonType,
		"email=a&email=b":           formType,
		part("email", "", "a") + part("email", "", "b") + end: partType,
	} {
		if got, err := decode(post(mediaType, content), everything, plenty()); err == nil || len(got.texts)+len(got.files) > 0 {
			t.Errorf("%s: %q was kept, %v", content, got.texts, err)
		}
	}
}

// Who forgets the header, as with curl -d, is told so, and not that fields are missing which they have sent.
func TestJSONThatIsDeclaredAsAForm(t *testing.T) {
	for _, content := range []string{`{"email":"a"}`, " \r\n\t{\n", `{"email":"a&b","password":"c=d"}`} {
		_, err := decode(post(formType, content), everything, plenty())
		if codeOf(err) != codeMalformedBody || !strings.Contains(err.Error(), "Content-Type: application/json") {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestDecodeReadsNothingOfWhatItRefusesByType(t *testing.T) {
	content := strings.NewReader(strings.Repeat("x", maxFieldsBytes))
	r := httptest.NewRequest(http.MethodPost, "/", content)
	if _, err := decode(r, everything, plenty()); codeOf(err) != codeUnsupportedMediaType || content.Len() < maxFieldsBytes-1 {
		t.Errorf("%d bytes are left, %v", content.Len(), err)
	}
}

// A body that is compressed is not unpacked, and one of two types is not guessed at.
func TestDecodeRefusesBodiesInDisguise(t *testing.T) {
	for _, headers := range []http.Header{
		{"Content-Encoding": {"gzip"}}, {"Content-Encoding": {"identity", "br"}}, {"Content-Encoding": {"x"}}, {"Content-Type": {jsonType, formType}},
	} {
		r := post(jsonType, `{"email":"a"}`)
		maps.Copy(r.Header, headers)
		if _, err := decode(r, everything, plenty()); codeOf(err) != codeUnsupportedMediaType {
			t.Errorf("%v: %v", headers, err)
		}
	}
	r := post(jsonType, `{"email":"a"}`)
	r.Header.Set("Content-Encoding", "Identity")
	if got, err := decode(r, everything, plenty()); err != nil || got.text("email") != "a" {
		t.Errorf("as it is: %v", err)
	}
}

func TestFilesShareTheMemory(t *testing.T) {
	memory := semaphore.NewWeighted(2 * maxImageBytes)
	send := func(s *share) error {
		_, err := decode(post(partType, part("avatar", file, strings.Repeat("x", maxImageBytes))+end), everything, s)
		return err
	}
	first, second, third := &share{of: memory}, &share{of: memory}, &share{of: memory}
	if err := errors.Join(send(first), send(second)); err != nil {
		t.Fatal(err)
	}
	if err := send(third); codeOf(err) != domain.CodeBusy {
		t.Errorf("one file too many: got %v, want %s", err, domain.CodeBusy)
	}
	third.release() // held nothing
	first.release()
	if err := send(third); err != nil {
		t.Errorf("when the first has gone: %v", err)
	}
	second.release()
	third.release()
	if !memory.TryAcquire(2 * maxImageBytes) {
		t.Error("not all was given back")
	}
}

// A request holds its files while it is served, and no longer.
func TestFilesAreHeldWhileARequestIsServed(t *testing.T) {
	s := &server{memory: semaphore.NewWeighted(maxImageBytes)}
	for _, outcome := range []error{nil, domain.ErrUnavailable} {
		served := s.decoded(everything, func(*request) (reply, error) {
			if s.memory.TryAcquire(maxImageBytes) {
				t.Error("nothing is held")
			}
			return reply{}, outcome
		})
		if _, err := served(&request{Request: post(partType, part("avatar", file, "PNG")+end)}); err != outcome {
			t.Errorf("got %v, want %v", err, outcome)
		}
		if !s.memory.TryAcquire(maxImageBytes) {
			t.Fatal("not all was given back")
		}
		s.memory.Release(maxImageBytes)
	}
}

// A small file holds what it takes, and not what it might have taken.
func TestSmallFilesHoldLittle(t *testing.T) {
	s := &share{of: semaphore.NewWeighted(maxImageBytes)}
	if _, err := decode(post(partType, part("avatar", file, "PNG")+end), everything, s); err != nil || s.held != 3 {
		t.Errorf("holds %d, %v", s.held, err)
	}
	s.release()
}

// One that is too large, or breaks off, holds nothing in the end either.
func TestFilesThatAreRefusedHoldNothing(t *testing.T) {
	memory := semaphore.NewWeighted(maxImageBytes)
	for _, content := range []string{part("avatar", file, string(bytes.Repeat([]byte("x"), maxImageBytes+1))) + end, part("avatar", file, "x")} {
		s := &share{of: memory}
		if _, err := decode(post(partType, content), everything, s); err == nil {
			t.Error("was taken")
		}
		s.release()
		if !memory.TryAcquire(maxImageBytes) {
			t.Fatal("not all was given back")
		}
		memory.Release(maxImageBytes)
	}
}
