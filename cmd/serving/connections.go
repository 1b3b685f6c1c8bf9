package serving

import (
	"container/list"
	"net"
	"net/http"
	"sync"

	"golang.org/x/net/netutil"
)

// Limit lets a server have at most so many connections at once, 0 for no limit, and answers the listener to serve then.
// Whoever comes when there are so many waits outside, where it costs next to nothing. Connections that wait for their
// next request are no reason to let anybody wait: the last place is cleared of the one that has done so longest.
func Limit(server *http.Server, listener net.Listener, most int) net.Listener {
	if most == 0 {
		return listener
	}
	places := &places{most: most, idle: list.New(), at: map[net.Conn]*list.Element{}}
	server.ConnState = places.follow
	return netutil.LimitListener(listener, most)
}

// places follows the connections of a server.
type places struct {
	most int

	mu   sync.Mutex
	open int
	idle *list.List // of net.Conn, the longest idle first
	at   map[net.Conn]*list.Element
}

// follow is told of each change (http.Server.ConnState).
func (p *places) follow(conn net.Conn, state http.ConnState) {
	if spare := p.count(conn, state); spare != nil {
		_ = spare.Close() // the server notices, and forgets it
	}
}

// count counts the change, and answers the connection to do without, if there is need of one.
func (p *places) count(conn net.Conn, state http.ConnState) (spare net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(conn)
	switch state {
	case http.StateNew:
		p.open++
	case http.StateIdle:
		p.at[conn] = p.idle.PushBack(conn)
	case http.StateClosed, http.StateHijacked:
		p.open--
	}
	if p.open < p.most || p.idle.Len() == 0 {
		return nil
	}
	spare, _ = p.idle.Front().Value.(net.Conn) // nothing else is in the list
	p.forget(spare)
	return spare
}

// forget takes a connection out of those that are idle, if it is there.
func (p *places) forget(conn net.Conn) {
	if element, ok := p.at[conn]; ok {
		p.idle.Remove(element)
		delete(p.at, conn)
	}
}
