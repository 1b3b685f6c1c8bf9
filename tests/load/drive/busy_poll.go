package drive

import (
	"io"
	"runtime"

	"golang.org/x/sys/unix"
)

// busyPoll reads, and asks again and again until there is something, where the connection would sleep. On one machine it is
// the server's core that wakes who sleeps, and a slow server pays more for it: clients of a fast one have so much to read
// that they seldom sleep.
func (c *conn) busyPoll(p []byte) (n int, err error) {
	ask := func(fd uintptr) bool {
		n, err = unix.Read(int(fd), p)
		return true
	}
	for {
		failed := c.raw.Read(ask)
		switch {
		case failed != nil: // the deadline, for one
			return 0, failed
		case err == unix.EAGAIN || err == unix.EINTR:
			runtime.Gosched()
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}
