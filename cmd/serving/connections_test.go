package serving_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/latchkey-auth/latchkey/tests/world"
)

// client is somebody with a connection, and what came back over it.
type client struct {
	net.Conn
	answers chan string // statuses, and the error that ended the connection
}

func dial(t *testing.T, to *world.Pipe) client {
	t.Helper()
	return listen(to.Dial(t))
}

func dialFrom(t *testing.T, to *world.Pipe, ip string) client {
	t.Helper()
	return listen(to.DialFrom(t, ip))
}

func listen(conn net.Conn) client {
	c := client{conn, make(chan string, 8)}
	go func() {
		for r := bufio.NewReader(c); ; {
			answer, err := http.ReadResponse(r, nil)
			if err != nil {
				c.answers <- "gone"
				return
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			c.answers <- answer.Status
		}
	}()
	synctest.Wait() // so that who came first is first
	return c
}

// ask sends a request, without waiting for anybody to read it.
func (c client) ask(path string) {
	go func() { _, _ = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path) }()
}

// got is what came back by the time that nobody has anything left to do.
func (c client) got() string {
	synctest.Wait()
	select {
	case answer := <-c.answers:
		return answer
	default:
		return "nothing"
	}
}

func expect(t *testing.T, who, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s got %q, want %q", who, got, want)
	}
}

// handler answers at once, but for /slow, which waits.
func handler(goOn <-chan struct{}) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-goOn
		}
	})
}

// Who comes when all places are taken waits until somebody leaves.
func TestConnectionsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		pipe := world.ServePipe(t, handler(goOn), 2)
		first, second, third := dial(t, pipe), dial(t, pipe), dial(t, pipe)
		first.ask("/slow")
		synctest.Wait()
		second.ask("/slow")
		synctest.Wait()
		third.ask("/")
		expect(t, "who came when it was full", third.got(), "nothing")
		goOn <- struct{}{} // which of both, nobody knows
		expect(t, "who waited", third.got(), "200 OK")
		goOn <- struct{}{}
	})
}

// Connections that do nothing are no reason to let anybody wait: the longest idle goes, and the others stay.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pipe := world.ServePipe(t, handler(nil), 3)
		var all []client
		for i := range 5 {
			c := dial(t, pipe)
			c.ask("/")
			expect(t, fmt.Sprintf("client %d", i), c.got(), "200 OK")
			all = append(all, c)
		}
		for i, want := range []string{"gone", "gone", "gone", "nothing", "nothing"} {
			expect(t, fmt.Sprintf("client %d, in the end,", i), all[i].got(), want)
		}
	})
}

// Who is busy is not idle, however long ago it began.
func TestBusyConnectionsStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		pipe := world.ServePipe(t, handler(goOn), 2)
		busy := dial(t, pipe)
		busy.ask("/")
		expect(t, "who will be busy", busy.got(), "200 OK")
		busy.ask("/slow")
		synctest.Wait()
		for range 3 {
			c := dial(t, pipe)
			c.ask("/")
			expect(t, "who comes", c.got(), "200 OK")
		}
		goOn <- struct{}{}
		expect(t, "who was busy", busy.got(), "200 OK")
	})
}

func TestNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		pipe := world.ServePipe(t, handler(goOn), 0)
		for range 50 {
			dial(t, pipe).ask("/slow")
		}
		c := dial(t, pipe)
		c.ask("/")
		expect(t, "one more", c.got(), "200 OK")
		close(goOn)
	})
}
