package redis

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

// calls are a read and a write of each kind.
func calls(s *Store) map[string]func(ctx context.Context) error {
	ann := user("ann")
	return map[string]func(ctx context.Context) error{
		"ByID": func(ctx context.Context) error { _, err := s.Users().ByID(ctx, ann.ID); return err },
		"ByLogin": func(ctx context.Context) error {
			_, err := s.Users().ByLogin(ctx, domain.Login{Email: ann.Email})
			return err
		},
		"Create user": func(ctx context.Context) error { return s.Users().Create(ctx, ann) },
		"Delete":      func(ctx context.Context) error { return s.Users().Delete(ctx, ann.ID) },
		"Get":         func(ctx context.Context) error { _, err := s.Sessions().Get(ctx, "ann", "one"); return err },
		"Create": func(ctx context.Context) error {
			return s.Sessions().Create(ctx, session("one", time.Now().Add(time.Hour)))
		},
		"ByUser":       func(ctx context.Context) error { _, err := s.Sessions().ByUser(ctx, "ann"); return err },
		"DeleteByUser": func(ctx context.Context) error { return s.Sessions().DeleteByUser(ctx, "ann") },
		"Check": func(ctx context.Context) error {
			_, err := s.Throttle("limit", 1, time.Hour).Check(ctx, "ann")
			return err
		},
		"Count": func(ctx context.Context) error {
			_, err := s.Throttle("limit", 1, time.Hour).Count(ctx, "ann")
			return err
		},
		"Ping": s.Ping,
	}
}

// listen answers the address of something that is no Redis: each connection is handed to serve.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
			serve(c)
		}
	}()
	return l.Addr().String()
}

// reach makes the store without asking whether the engine answers.
func reach(t *testing.T, url string) *Store {
	t.Helper()
	client, err := dial(url)
	noError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return over(t, client)
}

func TestSilentEngineIsUnavailableByTheDeadline(t *testing.T) {
	addr := listen(t, func(net.Conn) {})
	for scheme, s := range map[string]*Store{
		"redis": reach(t, "redis://"+addr), "redis+cluster": reach(t, "redis+cluster://"+addr),
	} {
		for name, call := range calls(s) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			err := call(ctx)
			if !errors.Is(err, ports.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s, %s: got the error %v, want ErrUnavailable for the deadline", scheme, name, err)
			}
			cancel()
		}
	}
}

func TestEngineThatIsGoneIsUnavailable(t *testing.T) {
	hangUp := listen(t, func(c net.Conn) { _ = c.Close() })
	closed := connect(t, engines.Redis(t), time.Now)
	noError(t, closed.Close())
	for where, s := range map[string]*Store{
		"hangs up": reach(t, "redis://"+hangUp), "closed": closed, "no cluster": reach(t, "redis+cluster://"+hangUp),
	} {
		for name, call := range calls(s) {
			if err := call(t.Context()); !errors.Is(err, ports.ErrUnavailable) {
				t.Errorf("%s, %s: got the error %v, want ErrUnavailable", where, name, err)
			}
		}
	}
}

// TestRepliesThatSayUnavailable has the engine refuse whatever it is asked.
func TestRepliesThatSayUnavailable(t *testing.T) {
	for reply, want := range map[string]bool{
		"LOADING Redis is loading the dataset in memory": true, "READONLY You can't write against a read only replica.": true,
		"CLUSTERDOWN The cluster is down": true, "MASTERDOWN Link with MASTER is down": true, "OOM command not allowed": true,
		"MISCONF Redis is configured to save": true, "NOREPLICAS Not enough good replicas": true, "BUSY Redis is busy": true,
		"TRYAGAIN Multiple keys request": true, "NOAUTH Authentication required.": true, "ERR max number of clients reached": true,
		"ERR user_script:1: attempt to index": false, "WRONGTYPE Operation against a key": false, "CROSSSLOT Keys in request": false,
	} {
		addr := listen(t, func(c net.Conn) { refuse(c, reply) })
		client := goredis.NewClient(&goredis.Options{Addr: addr, MaxRetries: -1, Protocol: 2, DisableIdentity: true, ContextTimeoutEnabled: true})
		defer func() { _ = client.Close() }()
		for name, call := range calls(over(t, client)) {
			err := call(t.Context())
			if err == nil || errors.Is(err, ports.ErrUnavailable) != want {
				t.Errorf("%s, %s: got the error %v; want ErrUnavailable is %t", reply, name, err, want)
			}
		}
	}
}

// over is the store that the client reaches.
func over(t *testing.T, client goredis.UniversalClient) *Store {
	t.Helper()
	s, err := New(client, time.Now)
	noError(t, err)
	return s
}

// refuse answers everything that arrives with one error.
func refuse(c net.Conn, reply string) {
	go func() {
		for buffer := make([]byte, 4096); ; {
			if _, err := c.Read(buffer); err != nil {
				return
			}
			_, _ = io.WriteString(c, "-"+reply+"\r\n")
		}
	}()
}

func TestReplicaIsUnavailableForWriting(t *testing.T) {
	pair := engines.RedisReplica(t)
	s := connect(t, pair.Replica(), time.Now)
	err := s.Sessions().Create(t.Context(), session("one", time.Now().Add(time.Hour)))
	if !errors.Is(err, ports.ErrUnavailable) {
		t.Errorf("got the error %v, want ErrUnavailable", err)
	}
}

// wire counts the scripts that are sent, and breaks one connection when the answer comes back.
type wire struct {
	breaks atomic.Bool
	sent   atomic.Int32
}

type brittle struct {
	net.Conn
	wire *wire
}

func (b brittle) Write(data []byte) (int, error) {
	if strings.Contains(string(data), storeSession.hash) {
		b.wire.sent.Add(1)
	}
	return b.Conn.Write(data)
}

func (b brittle) Read(data []byte) (int, error) {
	n, err := b.Conn.Read(data)
	if b.wire.breaks.CompareAndSwap(true, false) {
		_ = b.Close()
		return 0, io.EOF
	}
	return n, err
}

// TestLostAnswerIsNotAskedForAgain loses the answer to a compare-and-swap that was done.
func TestLostAnswerIsNotAskedForAgain(t *testing.T) {
	url, w := engines.Redis(t), &wire{}
	options, err := goredis.ParseURL(url)
	noError(t, err)
	options.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		return brittle{c, w}, err
	}
	client := goredis.NewClient(options)
	defer func() { _ = client.Close() }()
	sessions, one := over(t, client).Sessions(), session("one", time.Now().Add(time.Hour))
	noError(t, sessions.Create(t.Context(), one))
	w.sent.Store(0)
	w.breaks.Store(true)
	if err := sessions.Update(t.Context(), one); !errors.Is(err, ports.ErrUnavailable) {
		t.Errorf("got the error %v, want ErrUnavailable", err)
	}
	if n := w.sent.Load(); n != 1 {
		t.Errorf("the write was sent %d times", n)
	}
	got, err := sessions.Get(t.Context(), "ann", "one")
	if got.Version != 2 || err != nil {
		t.Errorf("the session has the version %d (%v), want 2", got.Version, err)
	}
}

func TestDamagedValuesAreErrors(t *testing.T) {
	s := connect(t, engines.Redis(t), time.Now)
	for _, value := range []string{"x", "1", "1 2", "1 9999999999999 ", "1 9999999999999 " + strings.Repeat("x", 60), "\xff\x00"} {
		for _, key := range []string{userKey("ann"), sessionKey("ann", "one")} {
			noError(t, s.client.Set(t.Context(), key, value, 0).Err())
		}
		noError(t, s.client.ZAdd(t.Context(), indexKey("ann"), goredis.Z{Score: 9e12, Member: "one"}).Err())
		_, byID := s.Users().ByID(t.Context(), "ann")
		_, get := s.Sessions().Get(t.Context(), "ann", "one")
		_, byUser := s.Sessions().ByUser(t.Context(), "ann")
		for call, err := range map[string]error{"ByID": byID, "Get": get, "ByUser": byUser} {
			if err == nil || errors.Is(err, ports.ErrNotFound) || errors.Is(err, ports.ErrUnavailable) {
				t.Errorf("%s of %q: got the error %v, want another", call, value, err)
			}
		}
	}
}
