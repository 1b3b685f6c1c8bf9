package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// client does the same thing again and again.
type client func() error

// measure runs a client alone and many at once, each with a network to the handler and without one.
func measure(b *testing.B, handler http.Handler, newClient func(send sender, i int) (client, error)) {
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)
	ways := []struct {
		name string
		new  func() sender
	}{
		{"handler", func() sender { return toHandler(handler) }},
		{"socket", func() sender { return toSocket(b, server.Listener.Addr().String()) }},
	}
	for _, way := range ways {
		for _, n := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/%d", way.name, n), func(b *testing.B) {
				clients := make([]client, n)
				for i := range clients {
					var err error
					clients[i], err = newClient(way.new(), i)
					check(b, err)
				}
				run(b, clients)
			})
		}
	}
}

// run lets all clients run at once, b.N times in all. Beside the time, it reports that of the processors, for client and
// server together.
func run(b *testing.B, clients []client) {
	b.ReportAllocs()
	b.ResetTimer()
	before := cpuTime()
	var running sync.WaitGroup
	for i, do := range clients {
		running.Go(func() {
			for range (b.N + i) / len(clients) {
				if err := do(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	running.Wait()
	b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
}
