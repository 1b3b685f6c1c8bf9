package world

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"testing"

	"github.com/latchkey-auth/latchkey/cmd/serving"
)

// Pipe is a network without a machine: a listener whose connections are pipes. In a bubble of testing/synctest,
// where time passes when everybody waits, clients of it can be as slow as they like.
type Pipe struct {
	conns  chan net.Conn
	closed context.Context
	close  context.CancelFunc
}

// ServePipe serves a handler by the program's own server, with at most so many connections. It ends with the test.
func ServePipe(t *testing.T, handler http.Handler, maxConnections int, proxies ...netip.Prefix) *Pipe {
	t.Helper()
	p := &Pipe{conns: make(chan net.Conn)}
	p.closed, p.close = context.WithCancel(context.Background())
	server := serving.NewServer(handler, slog.New(slog.DiscardHandler))
	done := make(chan error)
	go func() { done <- server.Serve(serving.Limit(server, p, maxConnections, proxies)) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return p
}

// Dial connects, from no address. Until the server takes the connection, whatever is sent waits.
func (p *Pipe) Dial(t *testing.T) net.Conn { return p.dial(t, nil) }

// DialFrom connects as Dial does, from an address.
func (p *Pipe) DialFrom(t *testing.T, ip string) net.Conn {
	return p.dial(t, net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(ip), 50000)))
}

func (p *Pipe) dial(t *testing.T, from net.Addr) net.Conn {
	t.Helper()
	client, server := net.Pipe()
	go func() {
		select {
		case p.conns <- end{server, from}:
		case <-p.closed.Done():
		}
	}()
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// end is the server's end of a connection.
type end struct {
	net.Conn
	from net.Addr
}

// RemoteAddr is where the client is, as far as that is known.
func (e end) RemoteAddr() net.Addr {
	if e.from == nil {
		return e.Conn.RemoteAddr()
	}
	return e.from
}

// Accept waits for the next connection.
func (p *Pipe) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed.Done():
		return nil, net.ErrClosed
	}
}

// Close takes no more connections.
func (p *Pipe) Close() error {
	p.close()
	return nil
}

// Addr is no address.
func (p *Pipe) Addr() net.Addr { return &net.UnixAddr{Net: "pipe"} }
