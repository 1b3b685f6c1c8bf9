package serving

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"golang.org/x/net/netutil"
)

// Limit lets a server have at most so many connections at once, 0 for no limit, and answers the listener to serve then.
// Whoever takes the last place has it cleared again: of the connection that has waited for its next request longest, which
// is no reason to let anybody else wait; or, where all are busy, of the newest one of the greediest network of the
// greediest site, so that a greedy client starves itself alone. Busy connections of proxies are spared, since everybody
// comes through them; idle ones are not. Where each site has but one, whoever comes waits outside, where it costs next to
// nothing.
func Limit(server *http.Server, listener net.Listener, most int, proxies []netip.Prefix) net.Listener {
	if most == 0 {
		return listener
	}
	places := &places{most: most, proxies: proxies, taken: map[net.Conn]*place{}, idle: list.New(), sites: crowd{}, networks: crowd{}}
	server.ConnState = places.follow
	return netutil.LimitListener(listener, most)
}

// places follows the connections of a server.
type places struct {
	most    int
	proxies []netip.Prefix

	mu       sync.Mutex
	taken    map[net.Conn]*place
	idle     *list.List // of *place, the longest idle first
	sites    crowd
	networks crowd
}

// place is what a connection has of the server.
type place struct {
	conn          net.Conn
	idle          *list.Element // nil while it is busy
	site, network membership    // none where it is spared
}

// follow is told of each change (http.Server.ConnState).
func (p *places) follow(conn net.Conn, state http.ConnState) {
	if spare := p.change(conn, state); spare != nil {
		_ = spare.Close() // the server notices, and gives up what it does for it
	}
}

// change notes a change, and answers the connection to do without, if there is need of one.
func (p *places) change(conn net.Conn, state http.ConnState) (spare net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if state == http.StateNew {
		p.enter(conn)
	}
	at, ok := p.taken[conn]
	if !ok { // done without before
		return nil
	}
	p.wake(at)
	switch state {
	case http.StateIdle:
		at.idle = p.idle.PushBack(at)
	case http.StateClosed, http.StateHijacked:
		p.leave(at)
	}
	if len(p.taken) < p.most {
		return nil
	}
	if out := p.spare(at, state); out != nil {
		p.leave(out)
		return out.conn
	}
	return nil
}

func (p *places) enter(conn net.Conn) {
	at := &place{conn: conn}
	p.taken[conn] = at
	if ip := p.client(conn); ip.IsValid() {
		at.site, at.network = p.sites.join(site(ip), at), p.networks.join(network(ip), at)
	}
}

func (p *places) leave(at *place) {
	delete(p.taken, at.conn)
	p.wake(at)
	p.sites.leave(at.site)
	p.networks.leave(at.network)
}

func (p *places) wake(at *place) {
	if at.idle != nil {
		p.idle.Remove(at.idle)
		at.idle = nil
	}
}

// spare is the place to clear: a busy one only when somebody came, for after that nobody has more than before.
func (p *places) spare(at *place, state http.ConnState) *place {
	if longest := p.idle.Front(); longest != nil {
		return longest.Value.(*place)
	}
	if state != http.StateNew {
		return nil
	}
	return p.greediest(at)
}
