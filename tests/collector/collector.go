// Package collector is where traces go in tests: what understands OTLP over HTTP, and keeps it.
package collector

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Collector is a collector of traces.
type Collector struct {
	URL string

	mu     sync.Mutex
	bytes  bytes.Buffer
	spans  []*tracepb.Span
	header http.Header
	wrong  []string
}

// Open starts a collector. It ends with the test, and fails it where what came were no traces.
func Open(t *testing.T) *Collector {
	t.Helper()
	c := &Collector{}
	server := httptest.NewServer(c)
	c.URL = server.URL
	t.Cleanup(func() {
		server.Close()
		for _, wrong := range c.wrong {
			t.Errorf("the collector got %s", wrong)
		}
	})
	return c
}

// ServeHTTP takes a batch of spans.
func (c *Collector) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var batch tracepb.TracesData
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" || proto.Unmarshal(body, &batch) != nil {
		c.wrong = append(c.wrong, r.Method+" "+r.URL.String()+" "+r.Header.Get("Content-Type"))
		return
	}
	c.bytes.Write(body)
	c.header = r.Header
	for _, of := range batch.ResourceSpans {
		for _, scope := range of.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
}

// Bytes is all that came.
func (c *Collector) Bytes() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.bytes.Bytes())
}

// Spans is all spans that came, the earliest to end first.
func (c *Collector) Spans() []*tracepb.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*tracepb.Span(nil), c.spans...)
}

// Header is that of the last batch.
func (c *Collector) Header() http.Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.header.Clone()
}
