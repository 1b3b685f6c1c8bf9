package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Hashing is what hashing does at a moment, and what it has done so far.
type Hashing struct {
	Workers int // how many hashes are computed at once, at most
	Busy    int // how many are computed now
	Waiting int // how many wait for a worker

	Done    uint64        // hashes that were computed
	Hashing time.Duration // the time that this took
	Refused uint64        // callers who were refused as busy
}

// ObserveHashing asks for the figures of hashing whenever Prometheus does. Call it once.
func (m *Metrics) ObserveHashing(now func() Hashing) { m.registry.MustRegister(hashing{now}) }

// hashing is a prometheus.Collector, so that all its figures are of one moment.
type hashing struct{ now func() Hashing }

var (
	hashWorkers = prometheus.NewDesc("latchkey_hash_workers", "How many password hashes are computed at once, at most.", nil, nil)
	hashBusy    = prometheus.NewDesc("latchkey_hash_workers_busy", "How many password hashes are computed now.", nil, nil)
	hashWaiting = prometheus.NewDesc("latchkey_hash_queue_length", "How many wait for a worker to compute a password hash.", nil, nil)
	hashRefused = prometheus.NewDesc("latchkey_hash_refused_total", "Password hashes that were refused as busy (503).", nil, nil)
	hashTook    = prometheus.NewDesc("latchkey_hash_duration_seconds", "How long password hashes took to compute, once begun.", nil, nil)
)

// Describe implements prometheus.Collector.
func (h hashing) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{hashWorkers, hashBusy, hashWaiting, hashRefused, hashTook} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (h hashing) Collect(to chan<- prometheus.Metric) {
	now := h.now()
	to <- prometheus.MustNewConstMetric(hashWorkers, prometheus.GaugeValue, float64(now.Workers))
	to <- prometheus.MustNewConstMetric(hashBusy, prometheus.GaugeValue, float64(now.Busy))
	to <- prometheus.MustNewConstMetric(hashWaiting, prometheus.GaugeValue, float64(now.Waiting))
	to <- prometheus.MustNewConstMetric(hashRefused, prometheus.CounterValue, float64(now.Refused))
	to <- prometheus.MustNewConstSummary(hashTook, now.Done, now.Hashing.Seconds(), nil)
}
