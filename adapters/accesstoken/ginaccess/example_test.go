package ginaccess_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
	"github.com/latchkey-auth/latchkey/adapters/accesstoken/ginaccess"
)

// A service that is made with Gin lets in who has signed in with Latchkey.
func ExampleRequire() {
	verifier, err := accesstoken.NewVerifier(accesstoken.Config{Issuer: "https://auth.example.org"}) // Latchkey's PUBLIC_URL
	if err != nil {
		panic(err)
	}
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.GET("/orders", ginaccess.Require(verifier), func(c *gin.Context) {
		who, _ := ginaccess.Claims(c)
		c.String(http.StatusOK, "orders of %s", who.Email)
	})

	answer := httptest.NewRecorder()
	router.ServeHTTP(answer, httptest.NewRequest("GET", "/orders", nil))
	fmt.Println(answer.Code, answer.Header().Get("WWW-Authenticate"))
	// Output: 401 Bearer
}
