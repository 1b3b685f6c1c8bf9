package serving

import (
	"container/list"
	"net"
	"net/http"
	"testing"
)

// came is a connection from an address.
type came struct {
	net.Conn
	from string
}

func (c came) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(c.from)} }

// Nothing is kept of who left: attackers have addresses without end.
func TestPlacesForgetWhoLeft(t *testing.T) {
	p := &places{most: 3, taken: map[net.Conn]*place{}, idle: list.New(), sites: crowd{}, networks: crowd{}}
	for _, from := range []string{"192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1"} {
		for _, state := range []http.ConnState{http.StateNew, http.StateActive, http.StateIdle, http.StateClosed} {
			p.change(came{nil, from}, state)
		}
	}
	if len(p.taken) != 0 || p.idle.Len() != 0 || len(p.sites) != 0 || len(p.networks) != 0 {
		t.Errorf("left are %d places, %d idle, %d sites, %d networks", len(p.taken), p.idle.Len(), len(p.sites), len(p.networks))
	}
}
