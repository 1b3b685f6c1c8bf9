package contract_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
)

// option shapes a request.
type option func(*http.Request)

// fields are the fields of a body.
type fields map[string]string

// body sends bytes as a media type.
func body(mediaType string, data []byte) option {
	return func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
		r.Header.Set("Content-Type", mediaType)
	}
}

// text sends a body as it stands, as JSON.
func text(json string) option { return body("application/json", []byte(json)) }

func asJSON(f fields) option {
	data, _ := json.Marshal(f) // of strings: cannot fail
	return body("application/json", data)
}

func asForm(f fields) option {
	values := url.Values{}
	for name, value := range f {
		values.Set(name, value)
	}
	return body("application/x-www-form-urlencoded", []byte(values.Encode()))
}

func asMultipart(f fields, files map[string][]byte) option {
	var out bytes.Buffer
	w := multipart.NewWriter(&out) // into memory: cannot fail
	for name, value := range f {
		_ = w.WriteField(name, value)
	}
	for name, file := range files {
		part, _ := w.CreateFormFile(name, name+".png")
		_, _ = part.Write(file)
	}
	_ = w.Close()
	return body(w.FormDataContentType(), out.Bytes())
}

// chunked sends the body without saying how long it is.
func chunked(r *http.Request) { r.ContentLength = -1 }

func header(name, value string) option {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

func bearer(token string) option { return header("Authorization", "Bearer "+token) }

func cookie(name, value string) option {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: value}) }
}
