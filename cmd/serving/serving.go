// Package serving is the HTTP server with its bounds: what a slow or a greedy client can hold of the program.
package serving

import (
	"log/slog"
	"net/http"
	"time"
)

// The bounds of one connection.
const (
	headerTimeout = 5 * time.Second  // until a request's header has come
	readTimeout   = 30 * time.Second // until the whole request has
	writeTimeout  = 60 * time.Second // until the answer has gone
	idleTimeout   = 2 * time.Minute  // until the next request begins
	maxHeader     = 32 << 10         // bytes, to which net/http adds 4 KiB
)

// NewServer is a server that waits for nobody longer than it must, and keeps no more of a header than it has use for.
func NewServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		// "OPTIONS *" is answered as every request is, with what protects every answer.
		DisableGeneralOptionsHandler: true,
	}
}
