package redis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/latchkey-auth/latchkey/ports"
)

// faults are the codes of replies that would come again: the command itself is to blame.
var faults = []string{"ERR", "WRONGTYPE", "CROSSSLOT", "NOSCRIPT", "UNKILLABLE"}

// translate makes ErrUnavailable of an engine that cannot answer, be it that nothing comes back, or a reply that says
// so (LOADING, READONLY, CLUSTERDOWN, OOM, …). That nothing is stored is no error.
func translate(ctx context.Context, err error) error {
	switch {
	case err == nil, errors.Is(err, goredis.Nil):
		return nil
	case ended(ctx, err) != nil:
		return ports.Unavailable(fmt.Errorf("%w: %w", ended(ctx, err), err))
	case isFault(err):
		return err
	}
	return ports.Unavailable(err)
}

// ended is why the context has ended, nil while it has not. A connection may notice the deadline before the context.
func ended(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	deadline, ok := ctx.Deadline()
	if ok && errors.Is(err, os.ErrDeadlineExceeded) && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

func isFault(err error) bool {
	reply, ok := errors.AsType[goredis.Error](err)
	if !ok || goredis.IsMaxClientsError(err) {
		return false
	}
	code, _, _ := strings.Cut(reply.Error(), " ")
	return slices.Contains(faults, code)
}
