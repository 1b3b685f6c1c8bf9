package tracing

import (
	"net/netip"
	"testing"
)

func TestTrustedPeers(t *testing.T) {
	tracer := &Tracer{proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fe80::/10")}}
	for peer, want := range map[string]bool{
		"10.0.0.1:50000": true, "[::ffff:10.0.0.1]:50000": true, "[fe80::1%eth0]:50000": true,
		"192.0.2.1:50000": false, "[2001:db8::1]:50000": false, "10.0.0.1": false, "pipe": false, "": false,
	} {
		if got := tracer.trusts(peer); got != want {
			t.Errorf("%q: %v", peer, got)
		}
	}
}
