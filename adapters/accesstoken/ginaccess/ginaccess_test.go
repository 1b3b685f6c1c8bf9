package ginaccess_test

import (
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
	"github.com/latchkey-auth/latchkey/adapters/accesstoken/ginaccess"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

func TestRequire(t *testing.T) {
	const issuer = "https://auth.example.org"
	w := world.Open(t, map[string]string{"PUBLIC_URL": issuer})
	api := scenario.HTTP(w.Client, w.URL)
	_, err := api.Register(t.Context(), scenario.Registration{Email: "ada@example.org", Password: "correct horse battery"})
	must(t, err)
	in, err := api.Login(t.Context(), scenario.Credentials{Email: "ada@example.org", Password: "correct horse battery"})
	must(t, err)
	verifier, err := accesstoken.NewVerifier(accesstoken.Config{Issuer: issuer, Address: w.URL, Now: w.Clock.Now})
	must(t, err)

	var called int
	router := gin.New()
	router.Use(ginaccess.Require(verifier))
	router.GET("/", func(c *gin.Context) {
		called++
		claims, _ := ginaccess.Claims(c)
		c.String(200, claims.Email)
	})
	for _, c := range []struct {
		authorization string
		status        int
		challenge     string
	}{
		{"Bearer " + in.AccessToken, 200, ""},
		{"Bearer " + in.RefreshToken, 401, `Bearer error="invalid_token", error_description="the access token is invalid"`},
		{"", 401, "Bearer"},
	} {
		req := httptest.NewRequest("GET", "/", nil)
		req.Header.Set("Authorization", c.authorization)
		answer := httptest.NewRecorder()
		router.ServeHTTP(answer, req)
		if answer.Code != c.status || answer.Header().Get("WWW-Authenticate") != c.challenge {
			t.Errorf("got %d %v, want %d %s", answer.Code, answer.Header(), c.status, c.challenge)
		}
		if (answer.Body.String() == "ada@example.org") != (c.status == 200) {
			t.Errorf("the body is %q", answer.Body)
		}
	}
	if called != 1 {
		t.Errorf("the handler was called %d times, want once", called)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
