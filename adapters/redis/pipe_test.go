package redis

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

// hole swallows what is written to one connection from then on, as a router does that has forgotten it.
type hole struct {
	next atomic.Bool
	dead net.Conn
}

type swallowed struct {
	net.Conn
	hole *hole
	dead atomic.Bool
}

func (s *swallowed) Write(data []byte) (int, error) {
	if s.hole.next.Load() {
		s.dead.Store(true)
		s.hole.dead = s.Conn
		s.hole.next.Store(false)
	}
	if s.dead.Load() {
		return len(data), nil
	}
	return s.Conn.Write(data)
}

func TestConnectionThatDiesInSilenceHoldsUpNobodyElse(t *testing.T) {
	options, err := goredis.ParseURL(engines.Redis(t))
	noError(t, err)
	h := &hole{}
	options.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		return &swallowed{Conn: c, hole: h}, err
	}
	options.ReadTimeout = -1 // so that only others can help
	client := goredis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	s := over(t, client)
	noError(t, s.Ping(t.Context()))

	h.next.Store(true)
	held, give := context.WithCancel(t.Context())
	waiting := make(chan error)
	go func() { waiting <- s.Ping(held) }()
	for h.next.Load() { // until that one is swallowed
		noError(t, held.Err())
	}
	for range 20 {
		noError(t, s.Ping(t.Context()))
	}
	give()
	if err := <-waiting; !errors.Is(err, ports.ErrUnavailable) {
		t.Errorf("whose connection died got the error %v, want ErrUnavailable", err)
	}
	noError(t, h.dead.Close()) // which closing the client would wait for
}

// TestWhatWasAbandonedIsNotSent, whether it goes with others or alone.
func TestWhatWasAbandonedIsNotSent(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		s := connect(t, empty(t), time.Now)
		ctx := t.Context()
		ended, end := context.WithCancel(ctx)
		end()
		set := func(key string, caller context.Context) once {
			return once{goredis.NewStatusCmd(ctx, "set", key, "x"), caller}
		}
		both := []once{set("{k}gone", ended), set("{k}there", ctx)}
		_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
			for _, cmd := range both {
				_ = p.Process(ctx, cmd)
			}
			return nil
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		alone := set("{k}alone", ended)
		for _, err := range []error{both[0].Err(), s.client.Process(ctx, alone)} {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("what was abandoned got the error %v", err)
			}
		}
		noError(t, both[1].Err())
		if there := s.client.Exists(ctx, "{k}gone", "{k}alone").Val(); there != 0 {
			t.Error("what was abandoned was sent")
		}
		if there := s.client.Exists(ctx, "{k}there").Val(); there != 1 {
			t.Error("what went with it was not")
		}
	})
}

// TestAsManyWaitAndNoMore has an engine say nothing, and one command too many come.
func TestAsManyWaitAndNoMore(t *testing.T) {
	addr := listen(t, func(net.Conn) {})
	client := goredis.NewClient(&goredis.Options{Addr: addr, ReadTimeout: -1, ContextTimeoutEnabled: true})
	s := over(t, client)
	ctx, give := context.WithCancel(t.Context())
	results := make(chan error, maxQueued+1)
	for range cap(results) {
		go func() { results <- s.Ping(ctx) }()
	}
	if err := <-results; !errors.Is(err, goredis.ErrAutoPipelineQueueFull) || !errors.Is(err, ports.ErrUnavailable) {
		t.Errorf("the one too many got the error %v", err)
	}
	give()
	for range maxQueued {
		<-results
	}
}
