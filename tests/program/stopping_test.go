package program_test

import (
	"bufio"
	"bytes"
	"fmt"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStopping: told to stop, the program takes no more connections, finishes what it has begun, and ends well.
func TestStopping(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			p := serve(t, t.TempDir(), nil)
			upload := begin(t, p)
			p.signal(t, signal)
			p.refuses(t)
			upload.finish(t)
			if code := p.wait(t); code != 0 {
				t.Errorf("the program ended with %d: %v", code, p.log)
			}
			if len(p.logged("stopped")) != 1 || len(p.logged("some requests did not finish in time and were broken off")) > 0 {
				t.Errorf("the log is %v", p.log)
			}
		})
	}
}

// TestStoppingTwice: whoever goes on pressing the keys does not want to wait for anybody.
func TestStoppingTwice(t *testing.T) {
	p := serve(t, t.TempDir(), nil)
	_ = begin(t, p)
	p.signal(t, syscall.SIGTERM)
	p.refuses(t)
	for pressing := true; pressing; {
		_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails once the process has ended
		select {
		case <-p.closed:
			pressing = false
		case <-time.After(10 * time.Millisecond):
		}
	}
	if code := p.wait(t); code == 0 {
		t.Error("the program ended as if all were done")
	}
}

// refuses waits until the process takes no more connections.
func (p *process) refuses(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
		if err != nil {
			return
		}
		must(t, conn.Close())
	}
	t.Fatal("the process goes on taking connections")
}

// upload is a registration whose body is still on its way.
type upload struct {
	conn net.Conn
	rest []byte
}

// begin sends the first half of a registration, and returns when the process is reading it.
func begin(t *testing.T, p *process) upload {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body) // into memory: cannot fail
	_ = form.WriteField("email", "slow@example.org")
	_ = form.WriteField("password", "correct horse battery")
	_ = form.Close()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST /api/v1/users/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		form.FormDataContentType(), body.Len())
	must(t, err)
	// Go's server says so when the handler begins to read.
	line, err := bufio.NewReader(conn).ReadString('\n')
	must(t, err)
	if !strings.HasPrefix(line, "HTTP/1.1 100 ") {
		t.Fatalf("the process answers %q", line)
	}
	half := body.Len() / 2
	_, err = conn.Write(body.Bytes()[:half])
	must(t, err)
	return upload{conn, body.Bytes()[half:]}
}

// finish sends the rest, and checks that it is answered.
func (u upload) finish(t *testing.T) {
	t.Helper()
	_, err := u.conn.Write(u.rest)
	must(t, err)
	must(t, u.conn.SetReadDeadline(time.Now().Add(patience)))
	answer, err := http.ReadResponse(bufio.NewReader(u.conn), nil)
	must(t, err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusCreated || !answer.Close {
		t.Errorf("the upload is answered %s, %v", answer.Status, answer.Header)
	}
}
