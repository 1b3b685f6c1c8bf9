// Package metrics counts what the service does, for Prometheus. No label is ever of a client's making, so that nobody
// outside can have the figures grow.
package metrics

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is the figures of one running service.
type Metrics struct {
	registry *prometheus.Registry
	requests *requests
	events   events
	stores   stores
	sessions sessionCounts
}

// New makes Metrics, those of the Go runtime and of the process included.
func New() *Metrics {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(),
	)
	return &Metrics{
		registry: registry,
		requests: newRequests(registry),
		events:   newEvents(registry),
		stores:   newStores(registry),
		sessions: newSessionCounts(registry),
	}
}

// ServeHTTP answers the figures in Prometheus' format.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// resolve looks up the counter of each value of a vector's only label. Each is there from the start, at 0: a rate misses
// the step that brings a series into being.
func resolve[K comparable](vec *prometheus.CounterVec, labels map[K]string) map[K]prometheus.Counter {
	resolved := map[K]prometheus.Counter{}
	for key, label := range labels {
		resolved[key] = vec.WithLabelValues(label)
	}
	return resolved
}
