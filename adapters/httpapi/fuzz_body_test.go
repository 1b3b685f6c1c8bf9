package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/latchkey-auth/latchkey/domain"
)

// clientsFault checks that an error is one that is answered with a status from 400 to 499.
func clientsFault(t *testing.T, err error) {
	t.Helper()
	known, ok := errors.AsType[*domain.Error](err)
	if !ok || statusOf[known.Code]/100 != 4 {
		t.Fatalf("got %v, want an error that blames the client", err)
	}
}

// reads decodes a body, and checks what holds of all: errors blame the client; what is taken are fields and files that
// the route knows, in UTF-8 and within the bounds; memory is held for the files, and given back in the end.
func reads(t *testing.T, r *http.Request) (got body, ok bool) {
	t.Helper()
	memory := plenty()
	got, err := decode(r, everything, memory)
	held := 0
	for name, data := range got.files {
		held += len(data)
		if !slices.Contains(everything.files, name) || len(data) > maxImageBytes {
			t.Errorf("the file %q of %d bytes was taken", name, len(data))
		}
	}
	if err == nil && memory.held != int64(held) {
		t.Errorf("memory of %d bytes is held for files of %d", memory.held, held)
	}
	memory.release()
	if !memory.of.TryAcquire(maxFilesMemory) {
		t.Error("not all memory was given back")
	}
	if err != nil {
		clientsFault(t, err)
		return body{}, false
	}
	size := 0
	for name, text := range got.texts {
		size += len(text)
		if !slices.Contains(everything.fields, name) || !utf8.ValidString(text) {
			t.Errorf("the field %q was taken as %q", name, text)
		}
	}
	if size > maxFieldsBytes {
		t.Errorf("fields of %d bytes were taken", size)
	}
	return got, true
}

// same checks that a body, sent once more by somebody who encodes as the book says, is taken for the same.
func same(t *testing.T, was body, mediaType, content string) {
	t.Helper()
	if len(content) > maxFieldsBytes {
		return // escapes may make it longer than it was
	}
	if again, err := decode(post(mediaType, content), everything, plenty()); err != nil || !maps.Equal(again.texts, was.texts) ||
		!maps.EqualFunc(again.files, was.files, bytes.Equal) {
		t.Errorf("%q, %q became %q, %q, %v", was.texts, was.files, again.texts, again.files, err)
	}
}

// FuzzJSONBody: what is taken means the same to encoding/json, and to whoever reads what is written from it.
func FuzzJSONBody(f *testing.F) {
	f.Add([]byte(`{"email":"ada@example.org","password":"correct horse"}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		got, ok := reads(t, post(jsonType, string(content)))
		if !ok || len(content) == 0 {
			return
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(content, &members); err != nil {
			t.Fatalf("%q was taken: %v", content, err)
		}
		for _, name := range everything.fields {
			var member *string // nil for null too
			if raw, came := members[name]; came {
				_ = json.Unmarshal(raw, &member) // what is no text stays nil
			}
			if text := got.optional(name); (text == nil) != (member == nil) || text != nil && *text != *member {
				t.Errorf("%q: %s is %q, to encoding/json %s", content, name, got.text(name), members[name])
			}
		}
		encoded, err := json.Marshal(got.texts)
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, jsonType, string(encoded))
	})
}

// FuzzFormBody: what is taken came once, and is read again from the form that net/url writes.
func FuzzFormBody(f *testing.F) {
	f.Add([]byte("email=ada%40example.org&password=correct+horse"))
	f.Fuzz(func(t *testing.T, content []byte) {
		got, ok := reads(t, post(formType, string(content)))
		if !ok {
			return
		}
		values, err := url.ParseQuery(string(content))
		if err != nil {
			t.Fatalf("%q was taken: %v", content, err)
		}
		for _, name := range everything.fields {
			if text, came := got.texts[name]; came != values.Has(name) || came && !slices.Equal(values[name], []string{text}) {
				t.Errorf("%q: %s is %q, to net/url %q", content, name, text, values[name])
			}
		}
		form := url.Values{}
		for name, text := range got.texts {
			form.Set(name, text)
		}
		same(t, got, formType, form.Encode())
	})
}

// FuzzMultipartBody: under whatever media type, what is taken is read again from the parts that mime/multipart writes.
func FuzzMultipartBody(f *testing.F) {
	f.Add(partType, []byte(part("email", "", "ada@example.org")+part("avatar", file, "PNG")+end))
	f.Fuzz(func(t *testing.T, mediaType string, content []byte) {
		r := post(partType, string(content))
		r.Header.Set("Content-Type", mediaType)
		got, ok := reads(t, r)
		if !ok {
			return
		}
		var parts bytes.Buffer
		w := multipart.NewWriter(&parts)
		for name, text := range got.texts {
			if err := w.WriteField(name, text); err != nil {
				t.Fatal(err)
			}
		}
		for name, data := range got.files {
			to, err := w.CreateFormFile(name, strings.ToUpper(name))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = to.Write(data) // into memory
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		same(t, got, w.FormDataContentType(), parts.String())
	})
}
