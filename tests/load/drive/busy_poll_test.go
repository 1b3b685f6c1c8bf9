package drive

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// A connection on which nothing comes ends with its deadline, and one that the other side closed with its end.
func TestBusyPollEnds(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	c := newConn(listener.Addr().String())
	if err := c.dial(); err != nil {
		t.Fatal(err)
	}
	defer c.close()
	other, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c.busy = true
	if err := c.net.SetDeadline(time.Now().Add(time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("after the deadline: %v", err)
	}
	if err := errors.Join(c.net.SetDeadline(time.Time{}), other.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("after the end: %v", err)
	}
}

// Clients do as their group says, each time anew.
func TestGroupsSayWhoSleeps(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	clients := NewClients(service.GinJWT(), s.Listener.Addr().String(), 1, 1)
	defer CloseAll(clients)
	for _, busyPoll := range []bool{true, false} {
		Run(t.Context(), Load{Groups: []Group{{Clients: clients, Ops: []Op{Me}, BusyPoll: busyPoll}}, For: time.Minute, Requests: 1}, nil)
		if clients[0].conn.busy != busyPoll {
			t.Errorf("without sleep: %t, want %t", !busyPoll, busyPoll)
		}
	}
}
