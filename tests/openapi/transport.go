package openapi

import (
	"bytes"
	"io"
	"net/http"
)

// Transport holds every exchange with a service that is reached by a network against a document.
type Transport struct {
	Document *Document
	Base     http.RoundTripper
	Report   func(fault error)
}

// RoundTrip implements http.RoundTripper. An answer that breaks off is none.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	x := Exchange{Request: r}
	if r.Body != nil && r.Body != http.NoBody {
		sent, err := io.ReadAll(r.Body)
		_ = r.Body.Close() // it was only read
		if err != nil {
			return nil, err
		}
		x.Sent, r = sent, r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	answer, err := t.Base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if x.Body, err = io.ReadAll(answer.Body); err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(x.Body))
	x.Status, x.Header = answer.StatusCode, answer.Header
	for _, err := range []error{x.fault("request", t.Document.CheckRequest(x)), x.fault("answer", t.Document.CheckAnswer(x))} {
		if err != nil {
			t.Report(err)
		}
	}
	return answer, nil
}
