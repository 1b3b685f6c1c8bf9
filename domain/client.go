package domain

import "net/netip"

// Client is who makes a request, as far as the service can tell.
type Client struct {
	IP        string
	UserAgent string
	RequestID string
}

// Network is what attempts are counted by: the address, or for IPv6 its /64,
// since that is what one subscriber has to choose addresses from (RFC 6177). Neighbours on a link have one
// count together, as link-local addresses are anybody's to make up.
func (c Client) Network() string {
	addr, err := netip.ParseAddr(c.IP)
	if err != nil {
		return c.IP
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	return netip.PrefixFrom(addr, 64).Masked().String()
}
