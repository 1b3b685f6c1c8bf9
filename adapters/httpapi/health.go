package httpapi

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/ports"
)

// healthz says that the process is up.
func (s *server) healthz(c *gin.Context) {
	c.PureJSON(http.StatusOK, gin.H{"status": "ok"})
}

// readyz says whether the stores answer.
func (s *server) readyz(c *gin.Context) {
	if err := s.Ready(c.Request.Context()); err != nil {
		s.fail(c, ports.Unavailable(err))
		return
	}
	c.PureJSON(http.StatusOK, gin.H{"status": "ok"})
}
