package serving_test

import (
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/latchkey-auth/latchkey/tests/world"
)

// hold has clients of these addresses begin requests that do not end.
func hold(t *testing.T, pipe *world.Pipe, ips ...string) (holders []client) {
	t.Helper()
	for _, ip := range ips {
		c := dialFrom(t, pipe, ip)
		c.ask("/slow")
		synctest.Wait()
		holders = append(holders, c)
	}
	return holders
}

// One address may take every place with requests that never end: what it takes, it takes from itself.
func TestTheGreediestMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		defer close(goOn)
		pipe := world.ServePipe(t, handler(goOn), 4)
		held := hold(t, pipe, "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1")
		for i, want := range []string{"nothing", "nothing", "nothing", "gone", "gone"} {
			expect(t, "the greedy one", held[i].got(), want)
		}
		stranger := hold(t, pipe, "198.51.100.7")[0]
		expect(t, "the newest of the greedy one", held[2].got(), "gone")
		expect(t, "its oldest", held[0].got(), "nothing")
		expect(t, "a stranger who is busy", stranger.got(), "nothing")
		other := dialFrom(t, pipe, "198.51.100.8")
		other.ask("/")
		expect(t, "another stranger", other.got(), "200 OK")
	})
}

// Idle connections go first, be they a stranger's: they lose nothing.
func TestIdleConnectionsGoBeforeBusyOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		defer close(goOn)
		pipe := world.ServePipe(t, handler(goOn), 4)
		idle := dialFrom(t, pipe, "198.51.100.7")
		idle.ask("/")
		expect(t, "who will be idle", idle.got(), "200 OK")
		held := hold(t, pipe, "192.0.2.1", "192.0.2.1", "192.0.2.1")
		expect(t, "who is idle", idle.got(), "gone")
		for _, c := range held {
			expect(t, "who is busy", c.got(), "nothing")
		}
	})
}

// A subscriber has a /64 of addresses, and is one client for all that.
func TestAddressesOfOneNetworkAreCountedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		defer close(goOn)
		pipe := world.ServePipe(t, handler(goOn), 4)
		held := hold(t, pipe, "2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:2::1", "::ffff:192.0.2.1")
		expect(t, "the newest of the /64", held[1].got(), "gone")
		for _, i := range []int{0, 2, 3} {
			expect(t, "who is alone", held[i].got(), "nothing")
		}
	})
}

// Everybody comes through the proxies, so theirs stay, however many they are.
func TestProxiesAreSpared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		pipe := world.ServePipe(t, handler(goOn), 4, netip.MustParsePrefix("10.0.0.0/8"))
		held := hold(t, pipe, "10.0.0.1", "192.0.2.1", "192.0.2.1", "::ffff:10.0.0.1", "::ffff:10.0.0.1")
		for i, want := range []string{"nothing", "nothing", "gone", "nothing", "nothing"} {
			expect(t, "each in turn", held[i].got(), want)
		}
		late := dialFrom(t, pipe, "10.0.0.1")
		late.ask("/")
		expect(t, "who came when nobody is greedy", late.got(), "nothing")
		close(goOn)
		expect(t, "who waited", late.got(), "200 OK")
	})
}

// Who comes last has to go, where others have as many.
func TestTheFirstStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		defer close(goOn)
		pipe := world.ServePipe(t, handler(goOn), 4)
		first := hold(t, pipe, "192.0.2.1", "192.0.2.1", "192.0.2.2")
		for range 8 {
			expect(t, "who came last", hold(t, pipe, "192.0.2.2")[0].got(), "gone")
		}
		for _, c := range first {
			expect(t, "who came first", c.got(), "nothing")
		}
	})
}

// Where each has one connection nobody is greedy, and nobody is thrown out.
func TestWhoIsAloneStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		pipe := world.ServePipe(t, handler(goOn), 3)
		held := hold(t, pipe, "192.0.2.1", "192.0.2.2", "192.0.2.3")
		late := dialFrom(t, pipe, "192.0.2.4")
		late.ask("/")
		expect(t, "who came when all places were taken", late.got(), "nothing")
		close(goOn)
		for _, c := range append(held, late) {
			expect(t, "each", c.got(), "200 OK")
		}
	})
}

// Whoever has a /48 has many a /64, with a connection in each, and is greedy for all that.
func TestNetworksOfOneSiteAreCountedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		defer close(goOn)
		pipe := world.ServePipe(t, handler(goOn), 8)
		office := hold(t, pipe, "192.0.2.1", "192.0.2.1", "192.0.2.1")
		for i := range 8 {
			hold(t, pipe, fmt.Sprintf("2001:db8:1:%x::1", i))
		}
		for _, c := range office {
			expect(t, "an office behind one address", c.got(), "nothing")
		}
		expect(t, "the next of the /48", hold(t, pipe, "2001:db8:1:ffff::1")[0].got(), "gone")
	})
}

// Of the greediest site the greediest network makes room: its neighbours may be other people.
func TestNeighboursOfTheGreediestStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		defer close(goOn)
		pipe := world.ServePipe(t, handler(goOn), 4)
		held := hold(t, pipe, "2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:2::1", "192.0.2.1")
		expect(t, "the newest of the /64", held[1].got(), "gone")
		expect(t, "its neighbour", held[2].got(), "nothing")
		expect(t, "who comes last of three neighbours", hold(t, pipe, "2001:db8:1:3::1")[0].got(), "gone")
	})
}
