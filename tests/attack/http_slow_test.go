package attack_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/tests/world"
)

// httpSlowly plays with a service whose network is made of pipes, in a bubble where time passes when everybody waits.
func httpSlowly(t *testing.T, maxConnections int, play func(t *testing.T, pipe *world.Pipe)) {
	t.Helper()
	h := httpOpen(t)
	synctest.Test(t, func(t *testing.T) { play(t, world.ServePipe(t, h.Handler, maxConnections)) })
	h.unharmed(t)
}

// httpDrip writes the beginning, and then a piece each second until nobody takes it any more. It answers for how long
// somebody did, and what came back.
func httpDrip(t *testing.T, conn net.Conn, beginning, piece string) (time.Duration, string) {
	t.Helper()
	answer := make(chan string)
	go func() {
		all, _ := io.ReadAll(bufio.NewReader(conn)) // until the other side closes
		answer <- string(all)
	}()
	start := time.Now()
	for text := beginning; ; text = piece {
		if _, err := io.WriteString(conn, text); err != nil {
			return time.Since(start), <-answer
		}
		time.Sleep(time.Second) // of the bubble
	}
}

// TestHTTPSlowClients: clients that keep a connection busy with next to nothing. Lost would be the service to everybody
// else, for the price of a few bytes a minute.
func TestHTTPSlowClients(t *testing.T) {
	upload := "POST " + httpUsers + "/register HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 60000\r\n\r\n%s"
	for name, c := range map[string]struct {
		beginning, piece string
		most             time.Duration
		answer           string
	}{
		"nothing":               {"", "", 6 * time.Second, ""},
		"a header by letters":   {"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "x", 6 * time.Second, ""},
		"a header by lines":     {"GET / HTTP/1.1\r\nHost: x\r\n", "X: y\r\n", 6 * time.Second, ""},
		"a body by letters":     {fmt.Sprintf(upload, "application/json", `{"email":"`), "x", 31 * time.Second, "HTTP/1.1 400 "},
		"a form by letters":     {fmt.Sprintf(upload, "application/x-www-form-urlencoded", ""), "x", 31 * time.Second, "HTTP/1.1 400 "},
		"a file by letters":     {fmt.Sprintf(upload, "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a\"\r\n\r\n"), "x", 31 * time.Second, "HTTP/1.1 400 "},
		"a part by letters":     {fmt.Sprintf(upload, "multipart/form-data; boundary=b", "--b\r\nX: "), "x", 31 * time.Second, "HTTP/1.1 400 "},
		"chunks of a letter":    {"POST " + httpUsers + "/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", 31 * time.Second, "HTTP/1.1 400 "},
		"a body that is unread": {"POST " + httpUsers + "/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n", "x", 31 * time.Second, "HTTP/1.1 404 "},
	} {
		t.Run(name, func(t *testing.T) {
			httpSlowly(t, 0, func(t *testing.T, pipe *world.Pipe) {
				held, answer := httpDrip(t, pipe.Dial(t), c.beginning, c.piece)
				if held > c.most || !strings.HasPrefix(answer, c.answer) {
					t.Errorf("the service listens for %v and says %.80q", held, answer)
				}
			})
		})
	}
}

// TestHTTPIdleClients: who has been served and stays. Lost would be a place, for as long as they like.
func TestHTTPIdleClients(t *testing.T) {
	httpSlowly(t, 0, func(t *testing.T, pipe *world.Pipe) {
		conn := pipe.Dial(t)
		answers := bufio.NewReader(conn)
		httpAsk(t, conn, answers, "/healthz")
		start := time.Now()
		if _, err := answers.ReadByte(); err != io.EOF || time.Since(start) > 121*time.Second {
			t.Errorf("the connection is kept for %v: %v", time.Since(start), err)
		}
	})
}

// TestHTTPSlowReaders: who asks and does not listen. Lost would be the answer's memory, and a place.
func TestHTTPSlowReaders(t *testing.T) {
	httpSlowly(t, 0, func(t *testing.T, pipe *world.Pipe) {
		conn := pipe.Dial(t)
		_, err := io.WriteString(conn, "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		httpMust(t, err)
		time.Sleep(61 * time.Second) // of the bubble
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil {
			t.Errorf("who listened after a minute gets %s", answer.Status)
		}
	})
}

// TestHTTPGreedyClients: clients that take every place there is. Lost would be the service to everybody else: it is not,
// since those who hold a place without using it lose it soon, whatever they do.
func TestHTTPGreedyClients(t *testing.T) {
	httpSlowly(t, 8, func(t *testing.T, pipe *world.Pipe) {
		start := time.Now()
		for range 50 { // who stay, having been served
			conn := pipe.Dial(t)
			httpAsk(t, conn, bufio.NewReader(conn), "/healthz")
		}
		if waited := time.Since(start); waited > 0 {
			t.Errorf("those who stay keep the next waiting for %v", waited)
		}
		for range 50 { // who never say what they want
			pipe.Dial(t)
		}
		synctest.Wait()
		start = time.Now()
		conn := pipe.Dial(t)
		httpAsk(t, conn, bufio.NewReader(conn), httpUsers+"/me")
		if waited := time.Since(start); waited > time.Minute {
			t.Errorf("somebody else waits for %v", waited)
		}
	})
}

// TestHTTPOneGreedyAddress: one address takes every place with requests that never end. Lost would be the service to
// everybody else, for half a minute at a time, as often as that address likes.
func TestHTTPOneGreedyAddress(t *testing.T) {
	httpSlowly(t, 8, func(t *testing.T, pipe *world.Pipe) {
		for i := range 50 {
			_, _ = fmt.Fprintf(pipe.DialFrom(t, fmt.Sprintf("2001:db8:1:1::%x", i+1)),
				"POST %s/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{", httpUsers)
		}
		start := time.Now()
		for i := range 7 { // all that there is, but for the one place which the attacker has like anybody else
			conn := pipe.DialFrom(t, fmt.Sprintf("198.51.100.%d", i+1))
			httpAsk(t, conn, bufio.NewReader(conn), httpUsers+"/me")
		}
		if waited := time.Since(start); waited > 0 {
			t.Errorf("strangers wait for %v", waited)
		}
	})
}

// httpAsk asks, and waits for the answer.
func httpAsk(t *testing.T, conn net.Conn, answers *bufio.Reader, path string) {
	t.Helper()
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path)
	httpMust(t, err)
	answer, err := http.ReadResponse(answers, nil)
	httpMust(t, err)
	_, err = io.Copy(io.Discard, answer.Body)
	httpMust(t, err)
	if answer.StatusCode >= 500 {
		t.Errorf("%s answers %s", path, answer.Status)
	}
}

// TestHTTPLongHeaders: more header than anybody needs. Lost would be the memory of everybody else.
func TestHTTPLongHeaders(t *testing.T) {
	h := httpOpen(t)
	for name, headers := range map[string]string{
		"one":          "X: " + strings.Repeat("x", 64<<10),
		"many":         strings.Repeat("X: y\r\n", 16<<10) + "Z: z",
		"a cookie":     "Cookie: accessToken=" + strings.Repeat("x", 64<<10),
		"a long token": "Authorization: Bearer " + strings.Repeat("x", 64<<10),
	} {
		t.Run(name, func(t *testing.T) {
			answers := h.raw(t, "GET "+httpUsers+"/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"+headers+"\r\n\r\n")
			if len(answers) != 1 || answers[0].status != http.StatusRequestHeaderFieldsTooLarge {
				t.Errorf("got %v", answers)
			}
		})
	}
	h.attack(t, "GET", httpUsers+"/me", httpBearer(strings.Repeat("x", 30<<10))).expect(t, 401, "token_invalid")
	h.unharmed(t)
}
