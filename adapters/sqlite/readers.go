package sqlite

import (
	"context"
	"errors"

	"github.com/latchkey-auth/latchkey/ports"
)

// readers are connections that only read. Each statement sees all that was committed before it began.
type readers struct {
	all    []*conn
	idle   chan *conn
	closed chan struct{}
}

func openReaders(ctx context.Context, path string, n int) (*readers, error) {
	r := &readers{idle: make(chan *conn, n), closed: make(chan struct{})}
	for range n {
		c, err := connect(ctx, path, readOnly)
		if err != nil {
			return nil, errors.Join(err, r.close())
		}
		r.all = append(r.all, c)
		r.idle <- c
	}
	return r, nil
}

// do reads on a connection of its own.
func (r *readers) do(ctx context.Context, read func(*conn) error) error {
	if err := ctx.Err(); err != nil {
		return ports.Unavailable(err)
	}
	select {
	case c := <-r.idle:
		defer func() { r.idle <- c }()
		return translate(read(c))
	case <-ctx.Done():
		return ports.Unavailable(ctx.Err())
	case <-r.closed:
		return ports.Unavailable(errClosed)
	}
}

// close returns when the reads in flight have ended; there are none afterwards.
func (r *readers) close() error {
	close(r.closed)
	var errs []error
	for range r.all {
		c := <-r.idle
		errs = append(errs, c.close())
	}
	return errors.Join(errs...)
}
