package tracing

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

const (
	// sendTimeout bounds how long a collector may take for one batch.
	sendTimeout = 5 * time.Second
	// maxAnswer is how many bytes of an answer are read, so that its connection can be used again.
	maxAnswer = 64 << 10
)

var _ otlptrace.Client = (*client)(nil)

// client sends spans by OTLP over HTTP. OpenTelemetry's own does so too, and brings all of gRPC, which would make the
// program half as large again.
//
// A collector that fails costs the batch, and one line of the log until it works again.
type client struct {
	url     string
	header  http.Header
	http    *http.Client
	log     *slog.Logger
	failing bool // batches go one at a time
}

func newClient(c Config) *client {
	header := c.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/x-protobuf")
	return &client{
		url:    c.Endpoint.JoinPath("v1", "traces").String(),
		header: header,
		// Elsewhere nobody needs to see what the header says.
		http: &http.Client{Timeout: sendTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		log:  c.Logger,
	}
}

// Start implements otlptrace.Client. There is nothing to do.
func (c *client) Start(context.Context) error { return nil }

// Stop implements otlptrace.Client. There is nothing to do.
func (c *client) Stop(context.Context) error { return nil }

// UploadTraces implements otlptrace.Client. It says itself what went wrong, once.
func (c *client) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	err := c.send(ctx, spans)
	switch {
	case err != nil && !c.failing:
		c.log.Warn("traces cannot be sent, and are dropped until they can be", "error", err.Error())
	case err == nil && c.failing:
		c.log.Info("traces are sent again")
	}
	c.failing = err != nil
	return nil
}

// send sends one batch. TracesData has the bytes of the ExportTraceServiceRequest of the protocol.
func (c *client) send(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header = c.header
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer)
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s answers %s", request.URL.Redacted(), answer.Status)
	}
	return nil
}
