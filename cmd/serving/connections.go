package serving

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"

	"golang.org/x/net/netutil"

	"github.com/latchkey-auth/latchkey/domain"
)

// Limit lets a server have at most so many connections at once, 0 for no limit, and answers the listener to serve then.
// Whoever takes the last place has it cleared again: of the connection that has waited for its next request longest, which
// is no reason to let anybody else wait; or, where all are busy, of the newest one of the network that has the most, so
// that a greedy client starves itself alone. Proxies are spared, since everybody comes through them. Where each network
// has but one, whoever comes waits outside, where it costs next to nothing.
func Limit(server *http.Server, listener net.Listener, most int, proxies []netip.Prefix) net.Listener {
	if most == 0 {
		return listener
	}
	places := &places{most: most, proxies: proxies, taken: map[net.Conn]*place{}, idle: list.New(), of: map[string]*list.List{}}
	server.ConnState = places.follow
	return netutil.LimitListener(listener, most)
}

// places follows the connections of a server.
type places struct {
	most    int
	proxies []netip.Prefix

	mu    sync.Mutex
	taken map[net.Conn]*place
	idle  *list.List            // of *place, the longest idle first
	of    map[string]*list.List // of *place, by network, the oldest first
}

// place is what a connection has of the server.
type place struct {
	conn    net.Conn
	network string        // "" of those that are spared
	among   *list.Element // of its network's, nil where that is spared
	idle    *list.Element // nil while it is busy
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
	at := &place{conn: conn, network: p.network(conn)}
	p.taken[conn] = at
	if at.network == "" {
		return
	}
	if p.of[at.network] == nil {
		p.of[at.network] = list.New()
	}
	at.among = p.of[at.network].PushBack(at)
}

func (p *places) leave(at *place) {
	delete(p.taken, at.conn)
	p.wake(at)
	if at.among == nil {
		return
	}
	all := p.of[at.network]
	all.Remove(at.among)
	if all.Len() == 0 {
		delete(p.of, at.network)
	}
}

func (p *places) wake(at *place) {
	if at.idle != nil {
		p.idle.Remove(at.idle)
		at.idle = nil
	}
}

// network is whose connection it is; "" where that is a proxy's, or has no address.
func (p *places) network(conn net.Conn) string {
	peer, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return ""
	}
	ip := peer.AddrPort().Addr().Unmap()
	if slices.ContainsFunc(p.proxies, func(proxy netip.Prefix) bool { return proxy.Contains(ip.WithZone("")) }) {
		return ""
	}
	return domain.Client{IP: ip.String()}.Network()
}

// spare is the place to clear: a busy one only when somebody came, for after that nobody has more than before.
func (p *places) spare(at *place, state http.ConnState) *place {
	if longest := p.idle.Front(); longest != nil {
		return longest.Value.(*place)
	}
	if state != http.StateNew {
		return nil
	}
	greediest := p.of[at.network] // who came gives way, unless somebody has more
	for _, all := range p.of {
		if greediest == nil || all.Len() > greediest.Len() {
			greediest = all
		}
	}
	if greediest == nil || greediest.Len() < 2 {
		return nil
	}
	return greediest.Back().Value.(*place)
}
