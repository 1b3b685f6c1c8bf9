package metrics

import (
	_ "embed"
	"net/http"
)

// dashboard is for Grafana: import it, and choose the Prometheus that asks the service.
//
//go:embed dashboard.json
var dashboard []byte

// Dashboard answers a Grafana dashboard of the figures.
func Dashboard(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(dashboard) // who has left needs no answer
}
