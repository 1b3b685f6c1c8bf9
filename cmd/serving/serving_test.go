package serving_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/cmd/serving"
)

// TestProfilesTakeAsLongAsTheyAreAskedTo: nothing ends a request of the operator's before its time.
func TestProfilesTakeAsLongAsTheyAreAskedTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const asked = 5 * time.Minute
		var took time.Duration
		server := serving.NewOperatorServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			began := time.Now()
			select {
			case <-time.After(asked):
			case <-r.Context().Done():
			}
			took = time.Since(began)
		}), slog.New(slog.DiscardHandler))
		client, conn := net.Pipe()
		listener := oneConn{make(chan net.Conn, 1)}
		listener.conns <- conn
		done := make(chan error)
		go func() { done <- server.Serve(listener) }()
		go func() { _, _ = fmt.Fprint(client, "GET /debug/pprof/profile?seconds=300 HTTP/1.1\r\nHost: x\r\n\r\n") }()
		answer, err := http.ReadResponse(bufio.NewReader(client), nil)
		if err != nil || answer.StatusCode != http.StatusOK || took != asked {
			t.Errorf("after %v: %v, %v", took, answer, err)
		}
		_ = client.Close()
		_ = server.Close()
		<-done
	})
}

// oneConn is a listener of one connection.
type oneConn struct{ conns chan net.Conn }

func (l oneConn) Accept() (net.Conn, error) {
	if conn, ok := <-l.conns; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (l oneConn) Close() error {
	close(l.conns)
	return nil
}

func (l oneConn) Addr() net.Addr { return &net.UnixAddr{Net: "pipe"} }
