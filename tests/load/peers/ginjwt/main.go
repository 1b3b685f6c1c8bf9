// The program ginjwt is a service on gin-jwt as its README builds one, to compare Latchkey with. Users are in memory,
// with bcrypt hashes; refresh tokens too, or in Redis. /hello is Gin alone.
package main

import (
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	jwt "github.com/appleboy/gin-jwt/v3"
	"github.com/appleboy/gin-jwt/v3/store"
	"github.com/gin-gonic/gin"
	gojwt "github.com/golang-jwt/jwt/v5"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "the address to serve at")
	redis := flag.String("redis", "", "the address of a Redis server for refresh tokens; in memory where empty")
	flag.Parse()
	if err := serve(*listen, *redis); err != nil {
		fmt.Fprintln(os.Stderr, "ginjwt:", err)
		os.Exit(1)
	}
}

func serve(listen, redis string) error {
	gin.SetMode(gin.ReleaseMode)
	people := newPeople()
	tokens, err := newTokens(people, redis)
	if err != nil {
		return err
	}
	router := gin.New()
	router.GET("/hello", func(c *gin.Context) { c.String(http.StatusOK, "hello") })
	router.POST("/register", people.register)
	router.POST("/login", tokens.LoginHandler)
	router.POST("/refresh", tokens.RefreshHandler)
	router.GET("/me", tokens.MiddlewareFunc(), func(c *gin.Context) { c.JSON(http.StatusOK, jwt.ExtractClaims(c)) })
	return router.Run(listen)
}

// newTokens is gin-jwt with its defaults, HS256 among them, but for the life of an access token, which outlasts a run.
func newTokens(people *people, redis string) (*jwt.GinJWTMiddleware, error) {
	config := &jwt.GinJWTMiddleware{
		Key:           []byte(rand.Text() + rand.Text()),
		Timeout:       24 * time.Hour,
		Authenticator: people.authenticate,
		PayloadFunc: func(email any) gojwt.MapClaims {
			return gojwt.MapClaims{"identity": email}
		},
	}
	if redis == "" {
		return jwt.New(config)
	}
	// Not gin-jwt's own setting for Redis, which goes on in memory where Redis does not answer.
	redisConfig := store.DefaultRedisConfig()
	redisConfig.Addr = redis
	kept, err := store.NewRedisRefreshTokenStore(redisConfig)
	if err != nil {
		return nil, errors.Join(errors.New("no Redis"), err)
	}
	config.RefreshTokenStore = kept
	return jwt.New(config)
}
