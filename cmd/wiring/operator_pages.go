package wiring

import (
	"io"
	"net/http"
	"net/http/pprof"

	"github.com/latchkey-auth/latchkey/adapters/metrics"
	"github.com/latchkey-auth/latchkey/cmd/config"
)

// operatorIndex lists what there is.
const operatorIndex = "/metrics\n/dashboard.json\n/debug/pprof/\n"

// operatorPages is what the operator's listener serves at an address. Profiles hold names of functions and addresses of
// memory, and making one takes time: no stranger ever gets at them.
func operatorPages(figures http.Handler, at config.Address) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, operatorIndex)
	})
	mux.Handle("GET /metrics", figures)
	mux.HandleFunc("GET /dashboard.json", metrics.Dashboard)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	return operatorAlone(mux, at)
}
