package redis

import (
	"context"
	"fmt"
	"slices"

	goredis "github.com/redis/go-redis/v9"
)

const (
	// batches is how many are under way at once: a connection that has died in silence holds up those that are in its
	// batch, and nobody else.
	batches = 4
	// maxQueued bounds how many commands wait while nothing answers. What comes then is refused at once.
	maxQueued = 1 << 14
)

// newPipe has go-redis send commands that come at the same time together: a round trip for all of them costs little more
// than one for each. In which order is all the same, since every caller waits for the answer. (go-redis calls this part
// of itself experimental.)
func newPipe(client goredis.UniversalClient) (*goredis.AutoPipeliner, error) {
	client.AddHook(abandoned{})
	pipe, err := client.AsyncAutoPipelineWithOptions(&goredis.AutoPipelineOptions{
		MaxConcurrentBatches: batches, Unordered: true, MaxQueuedCommands: maxQueued,
	})
	if err != nil {
		return nil, fmt.Errorf("send commands together: %w", err)
	}
	return pipe, nil
}

// once is a command that is sent once. One that writes must not be repeated when its answer is lost: a compare-and-swap
// that was done already would come back as stale, and a session that was deleted meanwhile would come back to life.
// Those that read are no different in this, since go-redis does not send commands of both kinds together.
type once struct {
	goredis.Cmder
	caller context.Context
}

// NoRetry implements goredis.Cmder.
func (once) NoRetry() bool { return true }

// abandoned is a hook that does not send commands whose callers have gone while they were in the queue: what was
// answered with a failure is not done later, when the engine is back.
type abandoned struct{}

// DialHook implements goredis.Hook.
func (abandoned) DialHook(next goredis.DialHook) goredis.DialHook { return next }

// ProcessHook implements goredis.Hook.
func (abandoned) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		if isAbandoned(cmd) {
			return cmd.Err()
		}
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook implements goredis.Hook.
func (abandoned) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		if slices.ContainsFunc(cmds, hasNoCaller) {
			cmds = slices.DeleteFunc(slices.Clone(cmds), isAbandoned)
		}
		if len(cmds) == 0 {
			return nil
		}
		return next(ctx, cmds)
	}
}

func hasNoCaller(cmd goredis.Cmder) bool {
	sent, ok := cmd.(once)
	return ok && sent.caller.Err() != nil
}

// isAbandoned gives a command without a caller the caller's reason.
func isAbandoned(cmd goredis.Cmder) bool {
	if !hasNoCaller(cmd) {
		return false
	}
	cmd.SetErr(cmd.(once).caller.Err())
	return true
}
