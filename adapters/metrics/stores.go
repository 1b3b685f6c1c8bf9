package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/latchkey-auth/latchkey/ports"
)

// stores times and counts the operations of all stores.
type stores struct {
	took  *prometheus.HistogramVec
	ended *prometheus.CounterVec
}

func newStores(registry *prometheus.Registry) stores {
	s := stores{
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "latchkey_store_operation_duration_seconds",
			Help:    "How long stores took to answer, by store and operation.",
			Buckets: prometheus.ExponentialBuckets(0.00001, 4, 10), // 10 µs to 2.6 s
		}, []string{"store", "operation"}),
		ended: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "latchkey_store_operations_total",
			Help: "Operations of stores, by store, operation and outcome. Only unavailable and failed are a store's own fault.",
		}, []string{"store", "operation", "outcome"}),
	}
	registry.MustRegister(s.took, s.ended)
	return s
}

// operation is one operation of one store, with everything looked up beforehand: counting it allocates nothing.
type operation struct {
	took  prometheus.Observer
	ended [len(ports.Outcomes)]prometheus.Counter
}

func (s stores) operation(store, name string) *operation {
	op := &operation{took: s.took.WithLabelValues(store, name)}
	for _, outcome := range ports.Outcomes {
		op.ended[outcome] = s.ended.WithLabelValues(store, name, outcome.String())
	}
	return op
}

// done counts an operation that began then and ended so.
func (o *operation) done(began time.Time, err error) {
	o.took.Observe(time.Since(began).Seconds())
	o.ended[ports.OutcomeOf(err)].Inc()
}
