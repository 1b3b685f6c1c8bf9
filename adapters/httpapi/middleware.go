package httpapi

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/ports"
)

// headerRequestID is spelled as net/http keeps it: every other spelling is made anew each time.
const headerRequestID = "X-Request-Id"

// requestID names the request: as the client does, where that is sane.
func requestID(c *gin.Context) {
	id := c.GetHeader(headerRequestID)
	if !saneRequestID(id) {
		id = rand.Text()
	}
	c.Header(headerRequestID, id)
}

// saneRequestID accepts up to 128 visible ASCII characters: nothing that could break a log line.
func saneRequestID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for _, b := range []byte(id) {
		if b < '!' || b > '~' {
			return false
		}
	}
	return true
}

// closeUnlessCertain reads nothing more of a connection where a proxy may see the end of the body elsewhere: with chunks,
// since a Content-Length may have come too, and with HTTP/1.0, where chunks may have; net/http drops the one or the other
// and goes on (RFC 9112, section 6.1). What is left would be taken for the beginning of somebody else's request.
func closeUnlessCertain(c *gin.Context) {
	if len(c.Request.TransferEncoding) > 0 || !c.Request.ProtoAtLeast(1, 1) {
		c.Header("Connection", "close")
	}
}

// observe tells of every request that was answered.
func (s *server) observe(c *gin.Context) {
	start := time.Now()
	c.Next()
	s.tell(c, time.Since(start))
}

// tell logs one line a request. It names the route and not the path, which may hold anything. It has a frame of its own,
// since the one of observe lies on the stack of whatever waits.
func (s *server) tell(c *gin.Context, took time.Duration) {
	method := knownMethod(c.Request.Method)
	s.Observe(method, c.FullPath(), c.Writer.Status(), took)
	s.Logger.LogAttrs(c.Request.Context(), slog.LevelInfo, "request",
		slog.String("method", method),
		slog.String("route", c.FullPath()),
		slog.Int("status", c.Writer.Status()),
		slog.String("duration", took.Round(time.Microsecond).String()),
		slog.String("request_id", c.Writer.Header().Get(headerRequestID)))
}

// knownMethod is "other" for a method that a client made up, which may be long and say anything.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return method
	}
	return "other"
}

// recover answers 500 for a panic. What was panicked with may hold a secret, so only its type is logged, and the stack:
// of both goroutines, where another one panicked at work for this one.
func (s *server) recover(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler {
			panic(cause)
		}
		if elsewhere, ok := cause.(ports.Panic); ok {
			s.fail(c, fmt.Errorf("%s\npassed on in\n%s", elsewhere, debug.Stack()))
			return
		}
		s.fail(c, errors.New(ports.PanicOf(cause).String()))
	}()
	c.Next()
}
