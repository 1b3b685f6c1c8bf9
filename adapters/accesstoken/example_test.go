package accesstoken_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/accesstoken"
	"github.com/latchkey-auth/latchkey/adapters/client"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// A service lets in who has signed in with Latchkey.
func ExampleVerifier_Require() {
	latchkey, ada, stop := signedIn()
	defer stop()

	verifier, err := accesstoken.NewVerifier(accesstoken.Config{
		Issuer:  "https://auth.example.org", // Latchkey's PUBLIC_URL
		Address: latchkey.URL,               // where it is reached, as this is no real one
		Now:     latchkey.Clock.Now,
	})
	if err != nil {
		panic(err)
	}
	orders := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _ := accesstoken.FromContext(r.Context())
		fmt.Fprintf(w, "orders of %s", who.Email)
	})
	shop := httptest.NewServer(verifier.Require(orders))
	defer shop.Close()

	fmt.Println(get(http.DefaultClient, shop.URL))
	fmt.Println(get(&http.Client{Transport: ada(shop.URL).Transport()}, shop.URL))
	// Output:
	// 401 {"error_description":"there is no access token"}
	// 200 orders of ada@example.org
}

// A service asks Latchkey whether the session is alive, and goes by the answer for a while.
func ExampleIntrospection() {
	latchkey, ada, stop := signedIn()
	defer stop()

	verifier, err := accesstoken.NewVerifier(accesstoken.Config{
		Issuer:  "https://auth.example.org",
		Address: latchkey.URL,
		Introspection: &accesstoken.Introspection{
			ClientID:     "shop", // as in Latchkey's OAUTH_CLIENTS
			ClientSecret: clientSecret,
			CacheFor:     5 * time.Second,
		},
		Now: latchkey.Clock.Now,
	})
	if err != nil {
		panic(err)
	}
	shop := httptest.NewServer(verifier.Require(http.NotFoundHandler()))
	defer shop.Close()

	person := ada(shop.URL)
	tokens, _ := person.Tokens(context.Background())
	if err := person.Logout(context.Background()); err != nil {
		panic(err)
	}
	_, err = verifier.Verify(context.Background(), tokens.AccessToken)
	fmt.Println(err)
	// Output: the session has ended
}

// signedIn starts a Latchkey, and signs Ada in for a service.
func signedIn() (w *world.World, ada func(origin string) *client.Client, stop func()) {
	dir, err := os.MkdirTemp("", "latchkey")
	if err != nil {
		panic(err)
	}
	w, end, err := world.Start(context.Background(), world.CheapHashing, map[string]string{
		"DATA_DIR": dir, "PUBLIC_URL": issuer, "OAUTH_CLIENTS": clientID + ":" + clientSecret,
	})
	if err != nil {
		panic(err)
	}
	ada = func(origin string) *client.Client {
		c, err := client.New(client.Config{URL: w.URL, Origins: []string{origin}, Now: w.Clock.Now})
		if err != nil {
			panic(err)
		}
		_, err = c.Register(context.Background(), client.Registration{Email: "ada@example.org", Password: "correct horse battery"})
		if err != nil {
			panic(err)
		}
		_, err = c.Login(context.Background(), client.Credentials{Email: "ada@example.org", Password: "correct horse battery"})
		if err != nil {
			panic(err)
		}
		return c
	}
	return w, ada, func() {
		if err := end(); err != nil {
			panic(err)
		}
		_ = os.RemoveAll(dir)
	}
}

func get(by *http.Client, address string) string {
	resp, err := by.Get(address)
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%d %s", resp.StatusCode, bytes.TrimSpace(text))
}
