package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
)

// maxAnswerBytes bounds what is read of an answer.
const maxAnswerBytes = 4 << 20

// envelope is the shape of every answer.
type envelope struct {
	Data   json.RawMessage `json:"data"`
	Code   Code            `json:"code"`
	Errors []FieldError    `json:"errors"`

	Message string `json:"message"`
}

// body is what is sent, "" being of no type and nothing.
type body struct {
	contentType string
	content     []byte
}

// jsonBody encodes texts and structs of texts, which cannot fail.
func jsonBody(value any) body {
	content, _ := json.Marshal(value)
	return body{"application/json", content}
}

// formBody is a form with files (RFC 7578). Empty fields and files are left out.
func formBody(fields map[string]string, files map[string][]byte) body {
	var out bytes.Buffer
	w := multipart.NewWriter(&out) // into memory: cannot fail
	for name, value := range fields {
		if value != "" {
			_ = w.WriteField(name, value)
		}
	}
	for name, file := range files {
		if file != nil {
			part, _ := w.CreateFormFile(name, name)
			_, _ = part.Write(file)
		}
	}
	_ = w.Close()
	return body{w.FormDataContentType(), out.Bytes()}
}

// request makes a request to a route of the API.
func (c *Client) request(ctx context.Context, method, route string, b body) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.api.String()+route, bytes.NewReader(b.content))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	if b.contentType != "" {
		req.Header.Set("Content-Type", b.contentType)
	}
	return req, nil
}

// call sends a request that needs the access token.
func call[T any](ctx context.Context, c *Client, method, route string, b body) (data T, err error) {
	req, err := c.request(ctx, method, route, b)
	if err != nil {
		return data, err
	}
	return send[T](c.authorized, req)
}

// callPlainly sends a request as it is.
func callPlainly[T any](ctx context.Context, c *Client, method, route string, b body) (data T, err error) {
	req, err := c.request(ctx, method, route, b)
	if err != nil {
		return data, err
	}
	return send[T](c.plain, req)
}

// send sends a request and opens the envelope of its answer.
func send[T any](by *http.Client, req *http.Request) (data T, err error) {
	resp, err := by.Do(req)
	if err != nil {
		return data, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	if err != nil {
		return data, err
	}
	if len(raw) > maxAnswerBytes {
		return data, fmt.Errorf("client: %s %s answers more than %d bytes", req.Method, req.URL.Path, maxAnswerBytes)
	}
	var e envelope
	err = json.Unmarshal(raw, &e)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return data, newError(resp, e)
	}
	if err == nil {
		err = json.Unmarshal(e.Data, &data)
	}
	if err != nil {
		return data, fmt.Errorf("client: %s %s answers %s and something else than Latchkey does: %w", req.Method, req.URL.Path, resp.Status, err)
	}
	return data, nil
}

// done is the error of a call whose answer holds nothing.
func done(_ struct{}, err error) error { return err }
