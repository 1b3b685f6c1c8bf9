// Package drive makes load: many clients that send requests, and what came of them.
package drive

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// Op is a kind of request.
type Op string

// What clients do.
const (
	Register Op = "register"
	Login    Op = "login"
	Refresh  Op = "refresh"
	Me       Op = "me"
)

// Answer is what came of a request.
type Answer struct {
	Status int
	// After is for how long the service wants to be left in peace.
	After time.Duration
	Err   error // where no answer came
}

// OK reports whether the service did what it was asked for.
func (a Answer) OK() bool { return a.Err == nil && a.Status/100 == 2 }

// Client is one client: a connection of its own, an account, and the newest tokens. It does one thing at a time.
type Client struct {
	Account service.Account
	Tokens  service.Tokens
	// Next is the account that the client registers, or signs in to, next; its own again where nil.
	Next func() service.Account
	// Sessions are those that the client uses in turns, where there are any. Collect adds one with each sign-in.
	Sessions []service.Tokens
	Collect  bool

	service service.Service
	conn    *conn
	turns   int
}

// NewClient is a client of a service at an address, who is not signed in.
func NewClient(of service.Service, addr string, account service.Account) *Client {
	return &Client{Account: account, service: of, conn: newConn(addr)}
}

// Close closes the connection.
func (c *Client) Close() { c.conn.close() }

// Do sends a request. Tokens that come back are those of the next one.
func (c *Client) Do(op Op) Answer {
	if c.Next != nil && (op == Register || op == Login) {
		c.Account = c.Next()
	}
	switch op {
	case Register:
		return c.send(c.service.Register(c.Account))
	case Login:
		return c.login()
	}
	turn := c.turns
	c.turns++
	if n := len(c.Sessions); n > 0 {
		c.Tokens = c.Sessions[turn%n]
		defer func() { c.Sessions[turn%n] = c.Tokens }()
	}
	if op == Refresh {
		return c.signed(c.send(c.service.Refresh(c.Tokens)))
	}
	return c.send(c.service.Me(c.Tokens))
}

func (c *Client) login() Answer {
	a := c.signed(c.send(c.service.Login(c.Account)))
	if c.Collect && a.OK() {
		c.Sessions = append(c.Sessions, c.Tokens)
	}
	return a
}

func (c *Client) send(r service.Request) Answer {
	status, err := c.conn.do(r)
	answer := Answer{Status: status, Err: err}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		seconds, _ := strconv.Atoi(string(c.conn.answer.Header.Peek("Retry-After")))
		answer.After = time.Duration(seconds) * time.Second
	}
	return answer
}

// signed takes the tokens of an answer.
func (c *Client) signed(a Answer) Answer {
	if !a.OK() {
		return a
	}
	tokens := c.service.Read(c.conn.answer.Body())
	if tokens.Access == "" || tokens.Refresh == "" {
		a.Err = fmt.Errorf("status %d without tokens", a.Status)
		return a
	}
	c.Tokens = tokens
	return a
}
