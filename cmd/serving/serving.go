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

// profileTimeout is until an answer to the operator has gone: a profile takes as long as it is asked to.
const profileTimeout = 10 * time.Minute

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

// NewOperatorServer is a server for the operator, who is trusted to ask for what takes time. net/http ends a request whose
// readTimeout is over even where all of it has come, and so would cut profiles short.
func NewOperatorServer(handler http.Handler, log *slog.Logger) *http.Server {
	server := NewServer(handler, log)
	server.ReadTimeout, server.WriteTimeout = 0, profileTimeout
	return server
}
