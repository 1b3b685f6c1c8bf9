package domain_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

func TestNetworkIsWhatOneSubscriberHas(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.1":                     "192.0.2.1",
		"::ffff:192.0.2.1":              "192.0.2.1", // the same peer, behind a socket of both families
		"::ffff:c000:201":               "192.0.2.1",
		"::ffff:192.0.2.1%eth0":         "192.0.2.1",
		"2001:db8:1:2::1":               "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff:ffff:ffff:1": "2001:db8:1:2::/64",
		"2001:0DB8:1:2:0:0:0:1":         "2001:db8:1:2::/64",
		"2001:db8:1:3::1":               "2001:db8:1:3::/64",
		"fe80::1%eth0":                  "fe80::/64",
		"fe80::2%wlan0":                 "fe80::/64",
		"::1":                           "::/64",
		"":                              "",
		"rubbish":                       "rubbish",
		"192.0.2.1:8000":                "192.0.2.1:8000",
		"192.0.2.256":                   "192.0.2.256",
		"\xff":                          "\xff",
	} {
		if got := (domain.Client{IP: ip}).Network(); got != want {
			t.Errorf("%q is of network %q; want %q", ip, got, want)
		}
	}
}
