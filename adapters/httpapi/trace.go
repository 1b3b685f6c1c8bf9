package httpapi

import "github.com/gin-gonic/gin"

// trace has the rest of the request happen inside a span.
func (s *server) trace(c *gin.Context) {
	ctx, end := s.Trace(c.Request, knownMethod(c.Request.Method), c.FullPath())
	defer func() { end(c.Writer.Status()) }()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}
