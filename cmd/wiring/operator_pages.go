package wiring

import (
	"net/http"
	"net/http/pprof"

	"github.com/latchkey-auth/latchkey/adapters/metrics"
)

// operatorPages is what the operator's listener serves. Profiles hold names of functions and addresses of memory, and
// making one takes time: no stranger ever gets at them.
func operatorPages(figures http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", figures)
	mux.HandleFunc("GET /dashboard.json", metrics.Dashboard)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	return mux
}
