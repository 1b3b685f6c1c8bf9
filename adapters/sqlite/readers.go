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
	stacks stacks // one for each
	closed chan struct{}
}

func openReaders(ctx context.Context, path string, n int) (*readers, error) {
	r := &readers{idle: make(chan *conn, n), stacks: newStacks(n), closed: make(chan struct{})}
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

// do reads on a connection and a stack of its own.
func (r *readers) do(ctx context.Context, read func(*conn) error) error {
	return r.hold(ctx, func(c *conn) error {
		return r.stacks.run(func() error { return read(c) })
	})
}

// hold keeps a connection from everybody else for as long as use takes.
func (r *readers) hold(ctx context.Context, use func(*conn) error) error {
	if err := ctx.Err(); err != nil {
		return ports.Unavailable(err)
	}
	select {
	case c := <-r.idle:
		defer func() { r.idle <- c }()
		return translate(use(c))
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
	r.stacks.close()
	return errors.Join(errs...)
}
