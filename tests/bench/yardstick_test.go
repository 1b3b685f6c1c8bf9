package bench

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	gojwt "github.com/golang-jwt/jwt/v5"
)

// BenchmarkGinHello is the least that Gin costs.
func BenchmarkGinHello(b *testing.B) {
	router := newRouter()
	router.GET("/hello", func(c *gin.Context) { c.String(http.StatusOK, "hello") })
	measure(b, router, func(send sender, _ int) (client, error) { return asking(send, "/hello", ""), nil })
}

// BenchmarkGinJWT is the least that Gin costs with a token checked by HS256, and neither a session nor a user read.
func BenchmarkGinJWT(b *testing.B) {
	key := []byte("a secret of at least 32 bytes, for tests only")
	token, err := gojwt.NewWithClaims(gojwt.SigningMethodHS256, gojwt.MapClaims{
		"sub": "0123456789abcdef01234567", "email": "ada@example.org", "exp": 1 << 40,
	}).SignedString(key)
	check(b, err)
	router := newRouter()
	router.GET("/me", func(c *gin.Context) {
		presented := strings.TrimPrefix(c.GetHeader("Authorization"), "Bearer ")
		parsed, err := gojwt.Parse(presented, func(t *gojwt.Token) (any, error) {
			if t.Method.Alg() != gojwt.SigningMethodHS256.Alg() {
				return nil, errors.New("another algorithm")
			}
			return key, nil
		})
		if err != nil {
			c.AbortWithStatus(http.StatusUnauthorized)
			return
		}
		c.JSON(http.StatusOK, parsed.Claims)
	})
	measure(b, router, func(send sender, _ int) (client, error) { return asking(send, "/me", token), nil })
}

func newRouter() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	return gin.New()
}
