package metrics

import (
	"maps"
	"net/http"
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

// ObserveRequest counts a request that was answered. The route is a pattern, "" for an unknown path. Methods that clients
// make up are counted as one.
func (m *Metrics) ObserveRequest(method, route string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodPut:
	default:
		method = "other"
	}
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
