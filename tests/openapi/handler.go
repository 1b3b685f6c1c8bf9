package openapi

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
)

// Watch is a handler that holds every exchange with another one against a document.
type Watch struct {
	document *Document
	next     http.Handler

	anyRequest atomic.Bool

	mu     sync.Mutex
	faults []error
}

// NewWatch watches a handler.
func NewWatch(d *Document, next http.Handler) *Watch { return &Watch{document: d, next: next} }

// AllowAnyRequest has requests hold what is not in the document, for tests that are about just that. Answers are checked
// all the same.
func (w *Watch) AllowAnyRequest() { w.anyRequest.Store(true) }

// Err is everything that was not in the document, each once.
func (w *Watch) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(w.faults...)
}

// ServeHTTP has the handler answer. An exchange that it breaks off by a panic is none.
func (w *Watch) ServeHTTP(answer http.ResponseWriter, r *http.Request) {
	x := Exchange{Request: r.Clone(r.Context())}
	var sent bytes.Buffer
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &overheardReader{r.Body, io.TeeReader(r.Body, &sent)}
	}
	writer := &overheardWriter{ResponseWriter: answer}
	w.next.ServeHTTP(writer, r)
	writer.begin(http.StatusOK)
	x.Sent, x.Status, x.Header, x.Body = sent.Bytes(), writer.status, writer.header, writer.body.Bytes()
	if !w.anyRequest.Load() {
		w.add(x.fault("request", w.document.CheckRequest(x)))
	}
	w.add(x.fault("answer", w.document.CheckAnswer(x)))
}

func (w *Watch) add(fault error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := func(other error) bool { return other.Error() == fault.Error() }
	if fault != nil && !slices.ContainsFunc(w.faults, known) {
		w.faults = append(w.faults, fault)
	}
}

// overheardReader is a body of which a copy is made while it is read.
type overheardReader struct {
	io.Closer
	io.Reader
}

// overheardWriter is an answer of which a copy is made while it is written.
type overheardWriter struct {
	http.ResponseWriter
	status int
	header http.Header // as it went out
	body   bytes.Buffer
}

// Unwrap is for http.ResponseController.
func (w *overheardWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *overheardWriter) WriteHeader(status int) {
	w.begin(status)
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *overheardWriter) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	w.body.Write(p)
	return w.ResponseWriter.Write(p)
}

// begin takes the header as it is now, unless the answer has begun or is yet to come.
func (w *overheardWriter) begin(status int) {
	if w.status != 0 || status < http.StatusOK {
		return
	}
	w.status, w.header = status, w.Header().Clone()
}
