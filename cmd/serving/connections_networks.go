package serving

import (
	"container/list"
	"net"
	"net/netip"
	"slices"

	"github.com/latchkey-auth/latchkey/domain"
)

// siteBits is how much of an IPv6 address is the most that one site is given (RFC 6177).
const siteBits = 48

// client is whose connection it is; none where that is a proxy's, or has no address.
func (p *places) client(conn net.Conn) netip.Addr {
	peer, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	ip := peer.AddrPort().Addr().Unmap().WithZone("")
	if slices.ContainsFunc(p.proxies, func(proxy netip.Prefix) bool { return proxy.Contains(ip) }) {
		return netip.Addr{}
	}
	return ip
}

// network is what one subscriber has, as a rule.
func network(ip netip.Addr) string { return domain.Client{IP: ip.String()}.Network() }

// site is what one subscriber has, at most: whoever has a /48 has 65536 networks, and could be in each of them once.
func site(ip netip.Addr) string {
	if ip.Is4() {
		return network(ip)
	}
	return netip.PrefixFrom(ip, siteBits).Masked().String()
}

// crowd is places by whose they are, the oldest first.
type crowd map[string]*list.List // of *place

// membership is a place's among those that are of the same.
type membership struct {
	of      string
	element *list.Element
}

func (c crowd) join(of string, at *place) membership {
	if c[of] == nil {
		c[of] = list.New()
	}
	return membership{of, c[of].PushBack(at)}
}

func (c crowd) leave(m membership) {
	if m.element == nil {
		return
	}
	c[m.of].Remove(m.element)
	if c[m.of].Len() == 0 {
		delete(c, m.of)
	}
}

// greediest is the place to clear for the newest one; nil where no site has two.
func (p *places) greediest(newest *place) *place {
	most := p.sites[newest.site.of] // who came gives way, unless somebody has more
	for _, all := range p.sites {
		most = larger(most, all)
	}
	if most == nil || most.Len() < 2 {
		return nil
	}
	within := p.networks[most.Back().Value.(*place).network.of]
	for e := most.Front(); e != nil; e = e.Next() {
		within = larger(within, p.networks[e.Value.(*place).network.of])
	}
	return within.Back().Value.(*place)
}

// larger is the first of two lists, unless the second is larger.
func larger(first, second *list.List) *list.List {
	if first == nil || second.Len() > first.Len() {
		return second
	}
	return first
}
