// Package ginaccess checks Latchkey's access tokens in services that are made with Gin.
package ginaccess

import (
	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
)

// Require lets through who presents a good access token.
func Require(v *accesstoken.Verifier) gin.HandlerFunc {
	return func(c *gin.Context) {
		claims, err := v.Authenticate(c.Request)
		if err != nil {
			c.Abort()
			v.Refuse(c.Writer, c.Request, err)
			return
		}
		c.Request = c.Request.WithContext(accesstoken.NewContext(c.Request.Context(), claims))
	}
}

// Claims is who calls. Behind Require somebody always does.
func Claims(c *gin.Context) (accesstoken.Claims, bool) {
	return accesstoken.FromContext(c.Request.Context())
}
