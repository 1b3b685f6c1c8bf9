package drive

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// NewClients is so many clients, who share so many accounts.
func NewClients(of service.Service, addr string, clients, accounts int) []*Client {
	all := make([]*Client, clients)
	for i := range all {
		all[i] = NewClient(of, addr, service.Numbered(i%accounts))
	}
	return all
}

// errRefused: the service would not have somebody that the load needs.
var errRefused = errors.New("no clients, no load")

// RegisterAll registers the clients' accounts. Those that are there already stay as they are.
func RegisterAll(ctx context.Context, clients []*Client) error {
	first := map[service.Account]*Client{}
	for _, c := range clients {
		first[c.Account] = c
	}
	var group errgroup.Group
	for _, c := range first {
		group.Go(func() error {
			return c.insist(ctx, "register", http.StatusConflict, http.StatusBadRequest, func() Answer {
				return c.send(c.service.Register(c.Account))
			})
		})
	}
	return group.Wait()
}

// SignInAll signs the clients in.
func SignInAll(ctx context.Context, clients []*Client) error {
	var group errgroup.Group
	for _, c := range clients {
		group.Go(func() error { return c.insist(ctx, "sign in", 0, 0, func() Answer { return c.Do(Login) }) })
	}
	return group.Wait()
}

// insist does something until it is done, or fails in another way than for the moment. Two statuses are as good as done.
func (c *Client) insist(ctx context.Context, what string, fine, too int, do func() Answer) error {
	for {
		a := do()
		switch {
		case a.OK(), a.Err == nil && (a.Status == fine || a.Status == too):
			return nil
		case a.Err != nil:
			return fmt.Errorf("%s %s: %w", what, c.Account.Email, a.Err)
		case a.After == 0:
			return fmt.Errorf("%s %s: status %d: %s: %w", what, c.Account.Email, a.Status, c.conn.answer.Body(), errRefused)
		case !sleep(ctx, max(a.After, 100*time.Millisecond)):
			return ctx.Err()
		}
	}
}

// CloseAll closes the clients' connections.
func CloseAll(clients []*Client) {
	for _, c := range clients {
		c.Close()
	}
}
