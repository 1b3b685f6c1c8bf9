package httpapi

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// page serves what is no route of the API. What it refuses is refused as everything here is.
func (s *server) page(h http.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		w := &pageWriter{ResponseWriter: c.Writer}
		h.ServeHTTP(w, c.Request)
		if w.refusal != nil {
			c.Writer.Header().Del("Content-Type")
			s.fail(c, w.refusal)
		}
	}
}

// pageWriter keeps back an answer that says in text what the envelope says better.
type pageWriter struct {
	http.ResponseWriter
	refusal error
}

// WriteHeader passes the status on, unless it is that of a refusal.
func (w *pageWriter) WriteHeader(status int) {
	switch status {
	case http.StatusNotFound:
		w.refusal = errNotFound
	case http.StatusMethodNotAllowed:
		w.refusal = errMethodNotAllowed
	case http.StatusInternalServerError:
		w.refusal = errInternal
	default:
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write passes the body on, unless it is that of a refusal.
func (w *pageWriter) Write(p []byte) (int, error) {
	if w.refusal != nil {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}
