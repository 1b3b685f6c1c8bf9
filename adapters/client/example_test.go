package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/latchkey-auth/latchkey/adapters/client"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// A program signs somebody in. Its requests go on when the access token has expired.
func Example() {
	latchkey, stop := start()
	defer stop()
	ctx := context.Background()

	c, err := client.New(client.Config{URL: latchkey.URL})
	if err != nil {
		panic(err)
	}
	_, err = c.Register(ctx, client.Registration{Email: "ada@example.org", Password: "correct horse battery"})
	if err != nil {
		panic(err)
	}
	if _, err := c.Login(ctx, client.Credentials{Email: "ada@example.org", Password: "correct horse battery"}); err != nil {
		panic(err)
	}
	tokens, _ := c.Tokens(ctx)
	latchkey.Clock.Advance(tokens.AccessTokenExpiresAt.Sub(latchkey.Clock.Now()))

	me, err := c.Me(ctx)
	fmt.Println(me.Email, err)

	_, err = c.Login(ctx, client.Credentials{Email: "ada@example.org", Password: "wrong"})
	if refused, ok := errors.AsType[*client.Error](err); ok {
		fmt.Println(refused.Status, refused.Code)
	}
	// Output:
	// ada@example.org <nil>
	// 401 invalid_credentials
}

// A program calls another service in somebody's name.
func ExampleClient_Transport() {
	c, err := client.New(client.Config{
		URL:     "https://auth.example.org",
		Origins: []string{"https://shop.example.org"}, // where the access token may go, beside Latchkey
	})
	if err != nil {
		panic(err)
	}
	web := &http.Client{Transport: c.Transport()}
	_ = web // web.Get("https://shop.example.org/orders")
}

// start starts a Latchkey.
func start() (w *world.World, stop func()) {
	dir, err := os.MkdirTemp("", "latchkey")
	if err != nil {
		panic(err)
	}
	w, end, err := world.Start(context.Background(), world.CheapHashing, map[string]string{"DATA_DIR": dir})
	if err != nil {
		panic(err)
	}
	return w, func() {
		if err := end(); err != nil {
			panic(err)
		}
		_ = os.RemoveAll(dir)
	}
}
