package metrics

import (
	"maps"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// requests counts requests. What it has counted once, it finds again without a lock and without allocating.
type requests struct {
	vec   *prometheus.HistogramVec
	known atomic.Pointer[map[request]prometheus.Observer]
	learn sync.Mutex
}

// request is what requests are told apart by.
type request struct {
	method, route string
	status        int
}

func newRequests(registry *prometheus.Registry) *requests {
	r := &requests{vec: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "latchkey_http_request_duration_seconds",
		Help:    "Requests that were answered, by method, route and status.",
		Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14), // 0.5 ms to 4 s
	}, []string{"method", "route", "status"})}
	r.known.Store(&map[request]prometheus.Observer{})
	registry.MustRegister(r.vec)
	return r
}

// ObserveRequest counts a request that was answered. The method is one of a few, however many clients make up, as
// each is kept for ever; the route is a pattern, "" for an unknown path.
func (m *Metrics) ObserveRequest(method, route string, status int, took time.Duration) {
	m.requests.of(request{method, route, status}).Observe(took.Seconds())
}

func (r *requests) of(key request) prometheus.Observer {
	if observer := (*r.known.Load())[key]; observer != nil {
		return observer
	}
	r.learn.Lock()
	defer r.learn.Unlock()
	observer := r.vec.WithLabelValues(key.method, key.route, strconv.Itoa(key.status))
	grown := maps.Clone(*r.known.Load())
	grown[key] = observer
	r.known.Store(&grown)
	return observer
}
