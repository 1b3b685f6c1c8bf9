package drive

import (
	"bufio"
	"net"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// patience is how long an answer may take.
const patience = time.Minute

// conn is a connection that stays open, and what is sent and received over it again and again. It costs less than
// net/http's client, which is more than the servers that are measured.
type conn struct {
	addr    string // host:port
	busy    bool   // waits for answers without sleep
	net     net.Conn
	raw     syscall.RawConn // of net
	in      *bufio.Reader
	out     *bufio.Writer
	request fasthttp.Request
	answer  fasthttp.Response
}

func newConn(addr string) *conn {
	return &conn{addr: addr, in: bufio.NewReader(nil), out: bufio.NewWriter(nil)}
}

// do sends a request and answers the status. The answer is good until the next request. After an error the next one
// goes over a new connection.
func (c *conn) do(r service.Request) (status int, err error) {
	if err := c.dial(); err != nil {
		return 0, err
	}
	c.write(r)
	if err := c.exchange(); err != nil {
		c.close()
		return 0, err
	}
	if c.answer.ConnectionClose() {
		c.close()
	}
	return c.answer.StatusCode(), nil
}

func (c *conn) dial() (err error) {
	if c.net != nil {
		return nil
	}
	if c.net, err = net.DialTimeout("tcp", c.addr, patience); err != nil {
		c.net = nil
		return err
	}
	if c.raw, err = c.net.(*net.TCPConn).SyscallConn(); err != nil {
		c.close()
		return err
	}
	c.in.Reset(c)
	c.out.Reset(c.net)
	return nil
}

// Read implements io.Reader, for answers.
func (c *conn) Read(p []byte) (int, error) {
	if c.busy {
		return c.busyPoll(p)
	}
	return c.net.Read(p)
}

func (c *conn) close() {
	if c.net != nil {
		_ = c.net.Close()
		c.net = nil
	}
}

func (c *conn) write(r service.Request) {
	c.request.Reset()
	c.request.Header.SetMethod(r.Method)
	c.request.Header.SetRequestURI(r.Path)
	c.request.Header.SetHost(c.addr)
	if r.Bearer != "" {
		c.request.Header.Set("Authorization", "Bearer "+r.Bearer)
	}
	if r.Method == fasthttp.MethodPost {
		c.request.Header.SetContentType("application/json")
		c.request.SetBodyString(r.Body)
	}
}

func (c *conn) exchange() error {
	if err := c.net.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if err := c.request.Write(c.out); err != nil {
		return err
	}
	if err := c.out.Flush(); err != nil {
		return err
	}
	return c.answer.Read(c.in)
}
